package dev.likeness.training.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads what an ONNX tensor holds. */
public final class TensorValues {

  private TensorValues() {}

  public static long[] shape(TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  public static boolean isFloat(TensorProto tensor) {
    return tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE
        || tensor.getDataType() == TensorProto.DataType.DOUBLE_VALUE;
  }

  /** Why this type cannot be trained; empty if it can. */
  public static Optional<String> refusal(TensorProto tensor) {
    return switch (tensor.getDataType()) {
      case TensorProto.DataType.FLOAT_VALUE,
          TensorProto.DataType.DOUBLE_VALUE,
          TensorProto.DataType.INT64_VALUE,
          TensorProto.DataType.INT32_VALUE,
          TensorProto.DataType.BOOL_VALUE ->
          Optional.empty();
      default ->
          Optional.of(
              "tensor '%s' is %s; training takes float32 graphs, export the model as such"
                  .formatted(
                      tensor.getName(), TensorProto.DataType.forNumber(tensor.getDataType())));
    };
  }

  /**
   * @throws IllegalArgumentException if it is no float tensor
   */
  public static float[] floats(TensorProto tensor) {
    int length = length(tensor);
    float[] values = new float[length];
    switch (tensor.getDataType()) {
      case TensorProto.DataType.FLOAT_VALUE -> {
        if (tensor.hasRawData()) {
          bytes(tensor, Float.BYTES).asFloatBuffer().get(values);
        } else {
          for (int i = 0; i < length; i++) {
            values[i] = tensor.getFloatData(i);
          }
        }
      }
      case TensorProto.DataType.DOUBLE_VALUE -> {
        ByteBuffer raw = tensor.hasRawData() ? bytes(tensor, Double.BYTES) : ByteBuffer.allocate(0);
        for (int i = 0; i < length; i++) {
          values[i] = (float) (tensor.hasRawData() ? raw.getDouble() : tensor.getDoubleData(i));
        }
      }
      default ->
          throw new IllegalArgumentException("'%s' is not float".formatted(tensor.getName()));
    }
    return values;
  }

  /**
   * @throws IllegalArgumentException if it is neither of integers nor of truth values
   */
  public static long[] longs(TensorProto tensor) {
    int length = length(tensor);
    ByteString raw = tensor.getRawData();
    return switch (tensor.getDataType()) {
      case TensorProto.DataType.INT64_VALUE -> {
        if (!tensor.hasRawData()) {
          yield tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
        }
        long[] values = new long[length];
        bytes(tensor, Long.BYTES).asLongBuffer().get(values);
        yield values;
      }
      case TensorProto.DataType.INT32_VALUE -> {
        ByteBuffer bytes = bytes(tensor, Integer.BYTES);
        yield IntStream.range(0, length)
            .mapToLong(i -> tensor.hasRawData() ? bytes.getInt(i * 4) : tensor.getInt32Data(i))
            .toArray();
      }
      case TensorProto.DataType.BOOL_VALUE ->
          IntStream.range(0, length)
              .mapToLong(i -> tensor.hasRawData() ? raw.byteAt(i) : tensor.getInt32Data(i))
              .toArray();
      default ->
          throw new IllegalArgumentException("'%s' holds no integers".formatted(tensor.getName()));
    };
  }

  private static int length(TensorProto tensor) {
    return Math.toIntExact(
        tensor.getDimsList().stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact));
  }

  private static ByteBuffer bytes(TensorProto tensor, int size) {
    ByteString raw = tensor.getRawData();
    if (tensor.hasRawData() && raw.size() != length(tensor) * (long) size) {
      throw new IllegalArgumentException(
          "tensor '%s' of shape %s needs %d bytes, the file has %d"
              .formatted(
                  tensor.getName(),
                  tensor.getDimsList(),
                  length(tensor) * (long) size,
                  raw.size()));
    }
    return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
