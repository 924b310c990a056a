package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a tensor lie in its storage.
 *
 * @param offset elements before the first one
 * @param shape dimensions, at most 8; empty for a scalar
 * @param strides elements between neighbours along each dimension
 */
record TensorLayout(long offset, List<Long> shape, List<Long> strides) {

  static final int LARGEST_RANK = 8;

  TensorLayout {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    if (shape.size() > LARGEST_RANK || strides.size() != shape.size()) {
      throw new CheckpointException(
          Reason.MALFORMED,
          "a tensor has %d dimensions and %d strides; both must be equal and at most %d"
              .formatted(shape.size(), strides.size(), LARGEST_RANK));
    }
    if (offset < 0 || anyNegative(shape) || anyNegative(strides)) {
      throw new CheckpointException(
          Reason.MALFORMED,
          "a tensor has offset %d, shape %s, strides %s; none may be negative"
              .formatted(offset, shape, strides));
    }
  }

  /** Row-major without gaps. */
  static TensorLayout contiguous(List<Long> shape) {
    return new TensorLayout(0, shape, rowMajor(shape));
  }

  boolean isContiguous() {
    List<Long> dense = rowMajor(shape);
    for (int axis = 0; axis < shape.size(); axis++) {
      if (shape.get(axis) != 1 && !dense.get(axis).equals(strides.get(axis))) {
        return false;
      }
    }
    return true;
  }

  long elementCount() {
    return product(shape);
  }

  /**
   * @throws CheckpointException if an element would lie outside a storage of this many elements, or
   *     if the tensor repeats elements of it ({@code expand} in torch), which turns few bytes into
   *     many
   */
  void checkFits(long storageElements) {
    long count = elementCount();
    if (count == 0) {
      return;
    }
    try {
      long last = offset;
      for (int axis = 0; axis < shape.size(); axis++) {
        last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, strides.get(axis)));
      }
      if (last < storageElements && count <= storageElements) {
        return;
      }
    } catch (ArithmeticException overflow) {
      // falls through: farther than any storage reaches
    }
    throw new CheckpointException(
        Reason.MALFORMED,
        "a tensor of shape %s, strides %s at offset %d does not fit its storage of %d elements"
            .formatted(shape, strides, offset, storageElements));
  }

  static long product(List<Long> shape) {
    try {
      long product = 1;
      for (long size : shape) {
        product = Math.multiplyExact(product, size);
      }
      return product;
    } catch (ArithmeticException overflow) {
      throw new CheckpointException(
          Reason.LIMIT_EXCEEDED, "a tensor's shape %s has too many elements".formatted(shape));
    }
  }

  private static List<Long> rowMajor(List<Long> shape) {
    product(shape);
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (long size : shape.reversed()) {
      strides.addFirst(stride);
      stride *= Math.max(size, 1);
    }
    return strides;
  }

  private static boolean anyNegative(List<Long> values) {
    return values.stream().anyMatch(value -> value < 0);
  }
}
