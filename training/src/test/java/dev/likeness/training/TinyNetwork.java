package dev.likeness.training;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.training.graph.TrainGraph;
import java.util.List;

/** One linear layer, [N, 2] to [N, 1]: y = 3a + 4b + 1. */
public final class TinyNetwork {

  public static final String WEIGHT = "fc.weight";
  public static final String BIAS = "fc.bias";

  private TinyNetwork() {}

  public static TrainGraph graph() {
    NodeProto linear =
        NodeProto.newBuilder()
            .setOpType("Gemm")
            .addAllInput(List.of("x", WEIGHT, BIAS))
            .addOutput("y")
            .addAttribute(attribute("transB", 1L))
            .build();
    return TrainGraph.of(
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(
                GraphProto.newBuilder()
                    .setName("tiny")
                    .addInput(
                        ValueInfoProto.newBuilder()
                            .setName("x")
                            .setType(GraphTensors.floatType("N", 2)))
                    .addOutput(
                        ValueInfoProto.newBuilder()
                            .setName("y")
                            .setType(GraphTensors.floatType("N", 1)))
                    .addNode(linear)
                    .addInitializer(GraphTensors.floats(WEIGHT, new float[] {3, 4}, 1, 2))
                    .addInitializer(GraphTensors.floats(BIAS, new float[] {1}, 1)))
            .build());
  }
}
