package dev.likeness.encoders.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A tensor to write: its storage's values, and how the tensor lies in it. */
public record TestTensor(
    TensorType type, List<Long> shape, List<Long> strides, long offset, Values values) {

  /** A lazily made storage, so that a network need not be in memory twice. */
  public interface Values {
    float[] get();
  }

  public static TestTensor of(TensorType type, List<Long> shape, Values values) {
    return new TestTensor(type, shape, rowMajor(shape), 0, values);
  }

  public static TestTensor of(TensorType type, List<Long> shape, float... values) {
    return of(type, shape, () -> values);
  }

  TestTensor strided(List<Long> newShape, List<Long> newStrides, long newOffset) {
    return new TestTensor(type, newShape, newStrides, newOffset, values);
  }

  String storageClass() {
    return switch (type) {
      case F32 -> "FloatStorage";
      case F16 -> "HalfStorage";
      case BF16 -> "BFloat16Storage";
      case F64 -> "DoubleStorage";
      case I64 -> "LongStorage";
      default -> throw new IllegalArgumentException(type.name());
    };
  }

  long storageElements() {
    return values.get().length;
  }

  /** The storage's bytes, little-endian; half precision by rounding, bfloat16 by cutting off. */
  byte[] bytes() {
    float[] source = values.get();
    ByteBuffer bytes =
        ByteBuffer.allocate(source.length * type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : source) {
      switch (type) {
        case F32 -> bytes.putFloat(value);
        case F64 -> bytes.putDouble(value);
        case F16 -> bytes.putShort(Float.floatToFloat16(value));
        case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        case I64 -> bytes.putLong((long) value);
        default -> throw new IllegalArgumentException(type.name());
      }
    }
    return bytes.array();
  }

  private static List<Long> rowMajor(List<Long> shape) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (long size : shape.reversed()) {
      strides.addFirst(stride);
      stride *= size;
    }
    return strides;
  }
}
