package dev.likeness.training;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.training.graph.TensorValues;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The networks of the reference's training runs. Their files lie here without weights, which follow
 * from the tensors' names and kinds.
 */
public final class ReferenceNetwork {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ReferenceNetwork() {}

  /** What was measured, for all networks. */
  static JsonNode measurements() throws IOException {
    try (InputStream in = resource("training.json")) {
      return MAPPER.readTree(in);
    }
  }

  public static ModelProto model(String network, String file) throws IOException {
    JsonNode description = measurements().at("/networks/" + network);
    Map<String, String> kinds = new HashMap<>();
    description
        .get("tensors")
        .forEach(tensor -> kinds.put(tensor.get("name").asText(), tensor.get("kind").asText()));
    try (InputStream in = resource(file + ".onnx")) {
      ModelProto.Builder model = ModelProto.parseFrom(in).toBuilder();
      GraphProto.Builder graph = model.getGraphBuilder();
      for (int i = 0; i < graph.getInitializerCount(); i++) {
        TensorProto empty = graph.getInitializer(i);
        String kind = kinds.get(empty.getName());
        if (kind != null) {
          graph.setInitializer(i, filled(empty, kind, description));
        }
      }
      return model.build();
    }
  }

  private static TensorProto filled(TensorProto empty, String kind, JsonNode description) {
    long[] shape = TensorValues.shape(empty);
    int length = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    double fanIn = length / (double) shape[0];
    double[] line = switch (kind) { // offset, factor
          case "running_mean" -> new double[] {0, 0.1};
          case "embedding" -> new double[] {0, 0.02};
          case "norm_weight" -> new double[] {1, 0.1};
          case "bias" -> new double[] {0, 0.05};
          case "running_var" -> new double[] {1, 0.5};
          case "conv" ->
              new double[] {0, Math.sqrt(3 / fanIn) * description.get("conv_gain").asDouble()};
          case "linear" -> new double[] {0, Math.sqrt(3 / fanIn)};
          default -> throw new IllegalArgumentException(kind);
        };
    float[] values = FormulaTensor.of(empty.getName(), length, 1);
    for (int i = 0; i < length; i++) {
      double u = kind.equals("running_var") ? Math.abs(values[i]) : values[i];
      values[i] = (float) (line[0] + u * line[1]);
    }
    return GraphTensors.floats(empty.getName(), values, shape);
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        ReferenceNetwork.class.getResourceAsStream("/training/" + name), name);
  }
}
