package dev.likeness.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.training.execute.ExecutionOptions;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.graph.ExecutionPlan;
import dev.likeness.training.graph.FusedOperators;
import dev.likeness.training.graph.OnnxModelFile;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.loss.Batch;
import dev.likeness.training.loss.SupervisedContrastive;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joined nodes and another layout change neither values nor gradients. */
@RequiresLibtorch
class ExecutionOptionsTest {

  private static final int IMAGES = 4;

  @ParameterizedTest
  @CsvSource({
    "fixtures/training/tiny_vit, 32, 2, 6, 2",
    "fixtures/training/narrow_resnet18, 64, 0, 0, 0",
    "onnx-as-exported/vit_tiny_patch16_small.dynamo, 224, 0, 12, 3",
    "onnx-as-exported/clip_vision_tiny.legacy, 64, 0, 18, 3",
    "onnx-as-exported/dinov2_tiny.dynamo, 84, 0, 18, 0",
    "onnx-as-exported/efficientnet_b0_narrow.dynamo, 96, 0, 0, 0",
  })
  void changeNothing(String file, int size, int gelus, int linears, int attentions)
      throws Exception {
    // Given
    TrainGraph graph = TrainGraph.of(OnnxModelFile.read(AcceptanceData.require(file + ".onnx")));
    Set<String> wanted = Set.of(graph.outputs().getFirst());

    // When
    Map<String, double[]> plain = run(graph, size, ExecutionOptions.plain());
    Map<String, double[]> fused = run(graph, size, new ExecutionOptions(true, false));
    Map<String, double[]> channelsLast = run(graph, size, new ExecutionOptions(true, true));

    // Then
    ExecutionPlan plan = ExecutionPlan.fused(graph, wanted);
    assertThat(count(plan, "", "Gelu") - count(ExecutionPlan.of(graph, wanted), "", "Gelu"))
        .isEqualTo(gelus);
    assertThat(count(plan, FusedOperators.DOMAIN, FusedOperators.LINEAR)).isEqualTo(linears);
    assertThat(count(plan, FusedOperators.DOMAIN, FusedOperators.ATTENTION)).isEqualTo(attentions);
    assertThat(fused.keySet()).isEqualTo(plain.keySet());
    for (String name : plain.keySet()) {
      // Files have √2 as float32, the joined operator has it in full.
      assertThat(distance(fused.get(name), plain.get(name))).as(name).isLessThan(1e-7);
      assertThat(distance(channelsLast.get(name), plain.get(name))).as(name).isLessThan(1e-7);
    }
  }

  private static long count(ExecutionPlan plan, String domain, String operator) {
    return plan.steps().stream()
        .filter(step -> step.node().domain().equals(domain))
        .filter(step -> step.node().operator().equals(operator))
        .count();
  }

  /** The output and all gradients, in float64. */
  private static Map<String, double[]> run(TrainGraph graph, int size, ExecutionOptions options) {
    Map<String, double[]> results = new HashMap<>();
    String output = graph.outputs().getFirst();
    float[] images = FormulaTensor.of("input", IMAGES * 3 * size * size, 1);
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT64);
        TorchScope scope = TorchScope.training()) {
      Tensor input = Tensors.of(images, new long[] {IMAGES, 3, size, size}, FloatType.FLOAT64);
      GraphExecutor executor = new GraphExecutor(graph, parameters, options);
      Tensor features = executor.run(input, Set.of(output), Mode.EVAL).get(output);
      new SupervisedContrastive(0.5)
          .of(Batch.of(features.reshape(IMAGES, -1), 0, 0, 1, 1))
          .backward();
      results.put(output, Tensors.doubles(features));
      for (Parameter parameter : parameters.trainable()) {
        parameter.gradient().ifPresent(g -> results.put(parameter.name(), Tensors.doubles(g)));
      }
    }
    return results;
  }

  /** Relative to the larger of the tensor's length and what rounding leaves of a zero. */
  private static double distance(double[] actual, double[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference) / Math.max(Math.sqrt(length), 1e-4);
  }
}
