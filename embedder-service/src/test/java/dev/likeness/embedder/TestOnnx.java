package dev.likeness.embedder;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/** Small ONNX files. */
public final class TestOnnx {

  private TestOnnx() {}

  /** The mean colour of an image of 32 × 32 pixels: float32 [N, 3]. */
  public static byte[] meanColour() {
    return model(
        GraphProto.newBuilder()
            .setName("mean-colour")
            .addInput(image("image"))
            .addNode(pool("image"))
            .addNode(flatten())
            .addOutput(vector()));
  }

  /** The mean colour of the sum of two images. */
  public static byte[] twoImages() {
    return model(
        GraphProto.newBuilder()
            .setName("two-images")
            .addInput(image("left"))
            .addInput(image("right"))
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("Add")
                    .addInput("left")
                    .addInput("right")
                    .addOutput("sum"))
            .addNode(pool("sum"))
            .addNode(flatten())
            .addOutput(vector()));
  }

  private static byte[] model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static NodeProto pool(String input) {
    return NodeProto.newBuilder()
        .setOpType("GlobalAveragePool")
        .addInput(input)
        .addOutput("pooled")
        .build();
  }

  private static NodeProto flatten() {
    return NodeProto.newBuilder()
        .setOpType("Flatten")
        .addInput("pooled")
        .addOutput("embedding")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("axis")
                .setType(AttributeProto.AttributeType.INT)
                .setI(1))
        .build();
  }

  private static ValueInfoProto image(String name) {
    return value(
        name,
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(3))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(32))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(32)));
  }

  private static ValueInfoProto vector() {
    return value(
        "embedding",
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(3)));
  }

  private static ValueInfoProto value(String name, TensorShapeProto.Builder shape) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
