package dev.likeness.training.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who makes and who reads each tensor, for finding patterns of nodes. */
final class FusionView {

  /** Backward through these needs what they read, not what they made. */
  private static final Set<String> MAKERS_THAT_FORGET =
      Set.of("Conv", "BatchNormalization", "Add", "Gemm");

  private final TrainGraph graph;
  private final Set<String> wanted;
  private final Map<String, TrainNode> producers = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();
  private final Set<TrainNode> absorbed = new HashSet<>();

  FusionView(TrainGraph graph, Set<String> wanted) {
    this.graph = graph;
    this.wanted = wanted;
    for (TrainNode node : graph.nodes()) {
      node.outputs().forEach(output -> producers.put(output, node));
      node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
    }
  }

  /** The node that makes a tensor for one reader only, which may take its place. */
  Optional<TrainNode> inner(String tensor, String operator) {
    if (wanted.contains(tensor) || readers.getOrDefault(tensor, 0) != 1) {
      return Optional.empty();
    }
    return Optional.ofNullable(producers.get(tensor))
        .filter(node -> node.domain().isEmpty() && node.operator().equals(operator))
        .filter(node -> !absorbed.contains(node));
  }

  /** Shape of a matrix that is an initializer or the transpose of one; null for all else. */
  long @Nullable [] matrixShape(String tensor) {
    long[] shape = weightShape(tensor);
    TrainNode node = producers.get(tensor);
    if (shape == null && node != null && node.operator().equals("Transpose")) {
      long[] source = weightShape(node.inputs().getFirst());
      shape = source == null || source.length != 2 ? null : new long[] {source[1], source[0]};
    }
    return shape == null || shape.length != 2 ? null : shape;
  }

  /** Shape of an initializer; null if the tensor is something else. */
  long @Nullable [] weightShape(String tensor) {
    TensorProto weight = graph.initializers().get(tensor);
    return weight == null || !TensorValues.isFloat(weight) ? null : TensorValues.shape(weight);
  }

  /**
   * Whether a tensor may be overwritten by its reader: it has one, and whoever made it needs it no
   * more, not for backward either.
   */
  boolean isFreelyOverwritten(String tensor) {
    return MAKERS_THAT_FORGET.stream().anyMatch(operator -> inner(tensor, operator).isPresent());
  }

  /** Whether a tensor is one fixed number. */
  boolean isNumber(String tensor, double value) {
    return number(tensor)
        .filter(found -> Math.abs(found - value) < 1e-5 * Math.abs(value))
        .isPresent();
  }

  /** The fixed number that a tensor is; empty if it is something else. */
  Optional<Float> number(String tensor) {
    TensorProto constant = graph.initializers().get(tensor);
    if (constant != null && graph.role(tensor) != ParameterRole.CONSTANT) {
      return Optional.empty();
    }
    TrainNode node = producers.get(tensor);
    if (constant == null && node != null && node.operator().equals("Constant")) {
      constant = node.attributes().tensor("value").orElse(null);
    }
    if (constant == null || !TensorValues.isFloat(constant)) {
      return Optional.empty();
    }
    float[] values = TensorValues.floats(constant);
    return values.length == 1 ? Optional.of(values[0]) : Optional.empty();
  }

  void absorb(List<TrainNode> nodes) {
    absorbed.addAll(nodes);
  }

  boolean isAbsorbed(TrainNode node) {
    return absorbed.contains(node);
  }
}
