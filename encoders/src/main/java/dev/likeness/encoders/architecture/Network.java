package dev.likeness.encoders.architecture;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.List;

/**
 * A graph whose weights are declared but have no values yet; {@link NetworkWriter} fills them in.
 *
 * @param architecture its name
 * @param options it was built with
 * @param structure the graph; its initializers are the weights and nothing else
 * @param weights in the order of the graph
 * @param dimension length of the vector, tensor {@value #OUTPUT} [N, dimension]
 */
public record Network(
    String architecture,
    NetworkOptions options,
    ModelProto structure,
    List<TensorSpec> weights,
    int dimension) {

  /** Name of the input, float32 [N, 3, height, width]. */
  public static final String INPUT = "image";

  /** Name of the output, float32 [N, dimension], not normalised. */
  public static final String OUTPUT = "embedding";

  public Network {
    weights = List.copyOf(weights);
  }

  /** Number of weights' elements. */
  public long parameterCount() {
    return weights.stream().mapToLong(TensorSpec::elementCount).sum();
  }
}
