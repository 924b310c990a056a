package dev.likeness.encoders.runtime;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Name, element type and shape of a graph's input or output.
 *
 * @param elementType as ONNX Runtime calls it, such as {@code FLOAT}
 * @param dimensions -1 where the size is free
 */
public record TensorShape(String name, String elementType, List<Long> dimensions) {

  public TensorShape {
    dimensions = List.copyOf(dimensions);
  }

  public int rank() {
    return dimensions.size();
  }

  /** As in {@code logits FLOAT [?, 1000]}. */
  @Override
  public String toString() {
    return name
        + " "
        + elementType
        + dimensions.stream()
            .map(size -> size < 0 ? "?" : String.valueOf(size))
            .collect(Collectors.joining(", ", " [", "]"));
  }
}
