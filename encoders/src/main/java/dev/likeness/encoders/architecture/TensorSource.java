package dev.likeness.encoders.architecture;

import dev.likeness.encoders.checkpoint.CheckpointTensor;
import java.util.Arrays;
import java.util.List;

/**
 * Where a weight is found in a checkpoint.
 *
 * @param name of the tensor there
 * @param arrangement how it differs
 */
record TensorSource(String name, Arrangement arrangement) {

  enum Arrangement {
    AS_IS,
    /** The first third of the rows of a packed query, key and value. */
    QUERY_ROWS,
    KEY_ROWS,
    VALUE_ROWS,
    /** [in, out] for [out, in]. */
    TRANSPOSED
  }

  /** The shape a tensor has after rearrangement; absent ones stay as they are. */
  List<Long> arrangedShape(List<Long> shape) {
    return switch (arrangement) {
      case AS_IS -> shape;
      case TRANSPOSED -> shape.reversed();
      case QUERY_ROWS, KEY_ROWS, VALUE_ROWS -> third(shape);
    };
  }

  float[] arranged(CheckpointTensor tensor) {
    float[] values = tensor.floats();
    return switch (arrangement) {
      case AS_IS -> values;
      case QUERY_ROWS -> third(values, 0);
      case KEY_ROWS -> third(values, 1);
      case VALUE_ROWS -> third(values, 2);
      case TRANSPOSED -> transposed(values, Math.toIntExact(tensor.shape().getFirst()));
    };
  }

  private static List<Long> third(List<Long> shape) {
    if (shape.isEmpty() || shape.getFirst() % 3 != 0) {
      return shape;
    }
    Long[] sizes = shape.toArray(Long[]::new);
    sizes[0] /= 3;
    return List.of(sizes);
  }

  private static float[] third(float[] values, int index) {
    int length = values.length / 3;
    return Arrays.copyOfRange(values, index * length, (index + 1) * length);
  }

  private static float[] transposed(float[] values, int rows) {
    int columns = values.length / rows;
    float[] result = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = values[row * columns + column];
      }
    }
    return result;
  }
}
