package dev.likeness.training;

import static dev.likeness.encoders.graph.GraphTensors.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.training.execute.ExecutionOptions;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.graph.ExecutionPlan;
import dev.likeness.training.graph.FusedOperators;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Activations that are joined, or written over what they read, change neither values nor gradients;
 * what somebody else reads, too, is not written over.
 */
@RequiresLibtorch
class JoinedActivationsTest {

  private static final long[] IMAGES = {2, 2, 3, 3};

  @Test
  void aClipBetweenFixedNumbersIsOneOperatorInPlace() {
    TrainGraph graph =
        graph(
            convolution("a", "x"),
            node("Clip", "y", "a", "low", "high"),
            convolution("out", "y", "second"));

    assertThat(operators(graph, "out")).containsExactly("Conv", FusedOperators.BOUNDED, "Conv");
    assertThat(inPlace(graph, "out")).isTrue();
    assertSame(graph, "out");
  }

  @Test
  void aRectifierBehindAnAdditionIsWrittenOverIt() {
    TrainGraph graph =
        graph(
            convolution("a", "x"),
            convolution("b", "x", "second"),
            node("Add", "sum", "a", "b"),
            node("Relu", "out", "sum"));

    assertThat(operators(graph, "out"))
        .containsExactly("Conv", "Conv", "Add", FusedOperators.RECTIFIED);
    assertSame(graph, "out");
  }

  @Test
  void whatIsReadTwiceIsNotWrittenOver() {
    TrainGraph graph =
        graph(
            convolution("a", "x"),
            node("Relu", "r", "a"),
            node("Clip", "c", "a", "low", "high"),
            node("Add", "s", "r", "c"),
            node("Add", "out", "s", "a"));

    assertThat(operators(graph, "out"))
        .containsExactly("Conv", "Relu", FusedOperators.BOUNDED, "Add", "Add");
    assertThat(inPlace(graph, "out")).isFalse();
    assertSame(graph, "out");
  }

  @Test
  void whatBackwardReadsIsNotWrittenOver() {
    TrainGraph graph =
        graph(convolution("a", "x"), node("Exp", "e", "a"), node("Relu", "out", "e"));

    assertThat(operators(graph, "out")).containsExactly("Conv", "Exp", "Relu");
    assertSame(graph, "out");
  }

  @Test
  void whatIsWantedIsNotWrittenOver() {
    TrainGraph graph = graph(convolution("a", "x"), node("Relu", "out", "a"));

    ExecutionPlan plan = ExecutionPlan.fused(graph, Set.of("a", "out"));

    assertThat(plan.steps()).extracting(step -> step.node().operator()).contains("Relu");
  }

  @Test
  void aProductWithItsOwnSigmoidIsOneOperator() {
    TrainGraph graph =
        graph(
            convolution("a", "x"), node("Sigmoid", "share", "a"), node("Mul", "out", "share", "a"));

    assertThat(operators(graph, "out")).containsExactly("Conv", FusedOperators.SILU);
    assertSame(graph, "out");
  }

  @Test
  void aGateByAnotherTensorIsNot() {
    TrainGraph graph =
        graph(
            convolution("a", "x"),
            convolution("b", "x", "second"),
            node("Sigmoid", "share", "a"),
            node("Mul", "out", "share", "b"));

    assertThat(operators(graph, "out")).containsExactly("Conv", "Conv", "Sigmoid", "Mul");
    assertSame(graph, "out");
  }

  private static void assertSame(TrainGraph graph, String output) {
    Map<String, double[]> plain = run(graph, output, ExecutionOptions.plain());
    Map<String, double[]> joined = run(graph, output, ExecutionOptions.defaults());
    assertThat(joined.keySet()).isEqualTo(plain.keySet()).contains("weight");
    plain.forEach(
        (name, values) ->
            assertThat(joined.get(name)).as(name).containsExactly(values, offset(1e-12)));
  }

  private static Map<String, double[]> run(
      TrainGraph graph, String output, ExecutionOptions options) {
    Map<String, double[]> results = new HashMap<>();
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT64);
        TorchScope scope = TorchScope.training()) {
      Tensor input = Tensors.of(FormulaTensor.of("x", 36, 1), IMAGES, FloatType.FLOAT64);
      Tensor made =
          new GraphExecutor(graph, parameters, options)
              .run(input, Set.of(output), Mode.TRAIN)
              .get(output);
      made.mul(made).sum().backward();
      results.put(output, Tensors.doubles(made));
      for (Parameter parameter : parameters.trainable()) {
        parameter.gradient().ifPresent(g -> results.put(parameter.name(), Tensors.doubles(g)));
      }
    }
    return results;
  }

  private static List<String> operators(TrainGraph graph, String output) {
    return ExecutionPlan.fused(graph, Set.of(output)).steps().stream()
        .map(step -> step.node().operator())
        .toList();
  }

  private static boolean inPlace(TrainGraph graph, String output) {
    return ExecutionPlan.fused(graph, Set.of(output)).steps().stream()
        .anyMatch(step -> step.node().attributes().flag(FusedOperators.IN_PLACE, false));
  }

  private static NodeProto convolution(String output, String input) {
    return convolution(output, input, "weight");
  }

  private static NodeProto convolution(String output, String input, String weight) {
    return node("Conv", output, input, weight).toBuilder()
        .addAttribute(attribute("kernel_shape", 1L, 1L))
        .build();
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static TrainGraph graph(NodeProto... nodes) {
    return TrainGraph.of(
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(
                GraphProto.newBuilder()
                    .setName("activations")
                    .addInput(
                        ValueInfoProto.newBuilder()
                            .setName("x")
                            .setType(GraphTensors.floatType("N", 2, 3, 3)))
                    .addOutput(
                        ValueInfoProto.newBuilder()
                            .setName("out")
                            .setType(GraphTensors.floatType("N", 2, 3, 3)))
                    .addAllNode(List.of(nodes))
                    .addInitializer(
                        GraphTensors.floats("weight", new float[] {3, -1, 1, 2}, 2, 2, 1, 1))
                    .addInitializer(
                        GraphTensors.floats("second", new float[] {-1, 1, 0.5f, 1}, 2, 2, 1, 1))
                    .addInitializer(GraphTensors.floats("low", new float[] {-0.25f}))
                    .addInitializer(GraphTensors.floats("high", new float[] {0.5f})))
            .build());
  }
}
