package dev.likeness.encoders.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The small pieces of an ONNX graph: tensors, types, attributes. */
public final class GraphTensors {

  private GraphTensors() {}

  /** A float32 tensor, little-endian raw data. */
  public static TensorProto floats(String name, float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, TensorProto.DataType.FLOAT_VALUE, values.length, shape)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /** An int64 tensor; without a shape it is a scalar. */
  public static TensorProto integers(String name, long[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return tensor(name, TensorProto.DataType.INT64_VALUE, values.length, shape)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /** Float32 with a free first dimension. */
  public static TypeProto floatType(String batch, long... others) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(batch);
    for (long size : others) {
      shape.addDimBuilder().setDimValue(size);
    }
    return TypeProto.newBuilder()
        .setTensorType(
            TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                .setShape(shape))
        .build();
  }

  /** A float32 tensor without values; {@link #floats} makes it whole. */
  public static TensorProto declaration(String name, long... shape) {
    long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return tensor(name, TensorProto.DataType.FLOAT_VALUE, Math.toIntExact(elements), shape).build();
  }

  public static AttributeProto attribute(String name, TensorProto value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.TENSOR)
        .setT(value)
        .build();
  }

  public static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  public static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto attribute(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }

  private static TensorProto.Builder tensor(String name, int type, int length, long[] shape) {
    long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (elements != length) {
      throw new IllegalArgumentException(
          "tensor %s of shape %s needs %d values, got %d"
              .formatted(name, Arrays.toString(shape), elements, length));
    }
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor;
  }
}
