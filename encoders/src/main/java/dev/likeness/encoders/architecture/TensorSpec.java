package dev.likeness.encoders.architecture;

import java.util.List;

/**
 * A weight that a network needs.
 *
 * @param name in the published checkpoint and in the graph
 * @param shape dimensions, row-major
 */
public record TensorSpec(String name, List<Long> shape) {

  public TensorSpec {
    shape = List.copyOf(shape);
  }

  public long elementCount() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
