package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One tensor of a checkpoint. Its values stay in the mapped file until {@link #floats} is called;
 * after {@link Checkpoint#close} they are gone.
 */
public final class CheckpointTensor {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final TensorType type;
  private final TensorLayout layout;
  private final MemorySegment storage;

  /**
   * @param storage all bytes of the storage the tensor lies in
   */
  CheckpointTensor(String name, TensorType type, TensorLayout layout, MemorySegment storage) {
    layout.checkFits(storage.byteSize() / type.byteSize());
    this.name = name;
    this.type = type;
    this.layout = layout;
    this.storage = storage;
  }

  public String name() {
    return name;
  }

  public TensorType type() {
    return type;
  }

  /** Dimensions; empty for a scalar. */
  public List<Long> shape() {
    return layout.shape();
  }

  public long elementCount() {
    return layout.elementCount();
  }

  CheckpointTensor renamed(String newName) {
    return new CheckpointTensor(newName, type, layout, storage);
  }

  /**
   * The values in row-major order, half precision widened exactly, float64 rounded.
   *
   * @throws CheckpointException if the elements are not floating point
   */
  public float[] floats() {
    if (!type.isFloat()) {
      throw new CheckpointException(
          Reason.UNSUPPORTED,
          "tensor '%s' holds %s; weights are F32, F16, BF16 or F64".formatted(name, type));
    }
    float[] values = new float[Math.toIntExact(elementCount())];
    if (layout.isContiguous()) {
      copyRun(layout.offset(), values);
    } else {
      copyStrided(values);
    }
    return values;
  }

  private void copyRun(long offset, float[] values) {
    if (type == TensorType.F32) {
      MemorySegment.copy(storage, FLOAT, offset * FLOAT.byteSize(), values, 0, values.length);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = element(offset + i);
    }
  }

  /** Views such as transposed matrices: an odometer over the indices, the last one fastest. */
  private void copyStrided(float[] values) {
    int rank = layout.shape().size();
    long[] index = new long[rank];
    long position = layout.offset();
    for (int i = 0; i < values.length; i++) {
      values[i] = element(position);
      for (int axis = rank - 1; axis >= 0; axis--) {
        long stride = layout.strides().get(axis);
        position += stride;
        index[axis]++;
        if (index[axis] < layout.shape().get(axis)) {
          break;
        }
        position -= stride * index[axis];
        index[axis] = 0;
      }
    }
  }

  private float element(long position) {
    return switch (type) {
      case F32 -> storage.get(FLOAT, position * 4);
      case F64 -> (float) storage.get(DOUBLE, position * 8);
      case F16 -> Float.float16ToFloat(storage.get(SHORT, position * 2));
      case BF16 -> Float.intBitsToFloat(storage.get(SHORT, position * 2) << 16);
      case I64, I32, I16, I8, U64, U32, U16, U8, BOOL, F8_E4M3, F8_E5M2 ->
          throw new IllegalStateException("not floating point: " + type);
    };
  }

  @Override
  public String toString() {
    return name + " " + type + shape();
  }
}
