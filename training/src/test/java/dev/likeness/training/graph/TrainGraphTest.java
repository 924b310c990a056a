package dev.likeness.training.graph;

import static dev.likeness.encoders.graph.GraphTensors.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.training.operator.OperatorRegistry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainGraphTest {

  @Test
  void aliasedInitializersBecomeSeparateOnes() {
    // Given
    GraphProto.Builder graph = graph();
    graph.addInitializer(GraphTensors.floats("ones", new float[] {1, 1}, 2));
    graph.addNode(node("Identity", "first.weight", "ones"));
    graph.addNode(node("Identity", "second.weight", "first.weight"));
    graph.addNode(node("Mul", "hidden", "x", "first.weight"));
    graph.addNode(node("Mul", "y", "hidden", "second.weight"));

    // When
    TrainGraph untied = TrainGraph.of(model(graph));

    // Then
    assertThat(untied.initializers()).containsOnlyKeys("first.weight", "second.weight");
    assertThat(untied.nodes()).extracting(TrainNode::operator).containsExactly("Mul", "Mul");
  }

  @Test
  void anIdentityThatIsAnOutputStays() {
    GraphProto.Builder graph = graph();
    graph.addInitializer(GraphTensors.floats("ones", new float[] {1, 1}, 2));
    graph.addNode(node("Identity", "y", "ones"));

    assertThat(TrainGraph.of(model(graph)).nodes()).hasSize(1);
  }

  @Test
  void rolesFollowFromTheReaders() {
    // Given
    GraphProto.Builder graph = graph();
    for (String name : List.of("scale", "shift", "mean", "variance", "bias")) {
      graph.addInitializer(GraphTensors.floats(name, new float[] {1, 2}, 2));
    }
    graph.addInitializer(GraphTensors.floats("matrix", new float[4], 2, 2));
    graph.addInitializer(GraphTensors.floats("factor", new float[1], 1));
    graph.addNode(node("BatchNormalization", "a", "x", "scale", "shift", "mean", "variance"));
    graph.addNode(node("MatMul", "b", "a", "matrix"));
    graph.addNode(node("Add", "c", "b", "bias"));
    graph.addNode(node("Mul", "y", "c", "factor"));

    // When
    TrainGraph read = TrainGraph.of(model(graph));

    // Then
    assertThat(read.role("scale")).isEqualTo(ParameterRole.NORM);
    assertThat(read.role("shift")).isEqualTo(ParameterRole.NORM);
    assertThat(read.role("mean")).isEqualTo(ParameterRole.RUNNING_STAT);
    assertThat(read.role("variance")).isEqualTo(ParameterRole.RUNNING_STAT);
    assertThat(read.role("matrix")).isEqualTo(ParameterRole.WEIGHT);
    assertThat(read.role("bias")).isEqualTo(ParameterRole.BIAS);
    assertThat(read.role("factor")).isEqualTo(ParameterRole.CONSTANT);
  }

  @Test
  void valuesAreFreedAfterTheirLastReaderAndNodesThatNobodyNeedsAreLeftOut() {
    // Given
    GraphProto.Builder graph = graph();
    graph.addNode(node("Relu", "a", "x"));
    graph.addNode(node("Relu", "b", "a"));
    graph.addNode(node("Add", "features", "a", "b"));
    graph.addNode(node("Relu", "y", "features"));

    // When
    ExecutionPlan plan = ExecutionPlan.of(TrainGraph.of(model(graph)), Set.of("features"));

    // Then
    assertThat(plan.steps())
        .extracting(ExecutionPlan.Step::released)
        .containsExactly(List.of(), List.of(), List.of("a", "b"));
  }

  @Test
  void aTensorThatNobodyMakesIsNamed() {
    GraphProto.Builder graph = graph();
    graph.addNode(node("Relu", "y", "x"));
    TrainGraph read = TrainGraph.of(model(graph));

    assertThatThrownBy(() -> ExecutionPlan.of(read, Set.of("features")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("features");
  }

  @Test
  void missingOperatorsAreNamedOnceWithTheirNodes() {
    // Given
    GraphProto.Builder graph = graph();
    graph.addNode(node("Det", "a", "x"));
    graph.addNode(node("Det", "b", "a"));
    graph.addNode(node("Relu", "c", "b").toBuilder().setDomain("com.microsoft"));
    graph.addNode(
        node("MaxPool", "y", "c").toBuilder().addAttribute(attribute("kernel_shape", 2, 2, 2)));

    // When
    List<String> unsupported = OperatorRegistry.standard().unsupported(TrainGraph.of(model(graph)));

    // Then
    assertThat(unsupported)
        .containsExactly(
            "operator Det (node 'a' and 1 more)",
            "operator MaxPool with a window that is not two-dimensional (node 'y')",
            "operator Relu of domain com.microsoft (node 'c')");
  }

  @Test
  void halfPrecisionIsRefusedWithTheTensorsName() {
    GraphProto.Builder graph = graph();
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("fc.weight")
            .setDataType(TensorProto.DataType.FLOAT16_VALUE));
    ModelProto model = model(graph);

    assertThatThrownBy(() -> TrainGraph.of(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fc.weight")
        .hasMessageContaining("FLOAT16");
  }

  private static GraphProto.Builder graph() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
    graph.addInput(
        ValueInfoProto.newBuilder().setName("x").setType(GraphTensors.floatType("N", 2)));
    graph.addOutput(
        ValueInfoProto.newBuilder()
            .setName("y")
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder()
                            .setElemType(TensorProto.DataType.FLOAT_VALUE))));
    return graph;
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static ModelProto model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build();
  }
}
