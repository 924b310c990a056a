package dev.likeness.encoders.ensemble;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.likeness.encoders.store.EncoderName;
import java.util.LinkedHashMap;
import java.util.Map;

/** The versions of operators, and the functions, that all members of one graph must agree on. */
final class OperatorSets {

  private final Map<String, OperatorSetIdProto> sets = new LinkedHashMap<>();
  private final Map<String, FunctionProto> functions = new LinkedHashMap<>();

  /**
   * @throws EnsembleException if a member before uses another version or another function of a name
   */
  void add(EncoderName member, ModelProto model) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      String domain = set.getDomain().equals("ai.onnx") ? "" : set.getDomain();
      OperatorSetIdProto earlier = sets.putIfAbsent(domain, set);
      if (earlier != null && earlier.getVersion() != set.getVersion()) {
        throw new EnsembleException(
            ("'%s' uses version %d of the operators%s, a member before it version %d, and one graph"
                    + " has one; export them with the same version, or fuse their scores with"
                    + " './likeness compete --encoder a,b --fusion min-max'")
                .formatted(
                    member,
                    set.getVersion(),
                    domain.isEmpty() ? "" : " '" + domain + "'",
                    earlier.getVersion()));
      }
    }
    for (FunctionProto function : model.getFunctionsList()) {
      String name =
          "%s.%s:%s".formatted(function.getDomain(), function.getName(), function.getOverload());
      FunctionProto earlier = functions.putIfAbsent(name, function);
      if (earlier != null && !earlier.equals(function)) {
        throw new EnsembleException(
            ("'%s' and a member before it have different functions called %s; fuse their scores with"
                    + " './likeness compete --encoder a,b --fusion min-max'")
                .formatted(member, name));
      }
    }
  }

  void addTo(ModelProto.Builder model) {
    model.addAllOpsetImport(sets.values()).addAllFunctions(functions.values());
  }
}
