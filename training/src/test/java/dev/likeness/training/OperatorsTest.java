package dev.likeness.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.TensorValue;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.operator.OperatorRegistry;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operator forward against ONNX Runtime, and backward against differences. */
@RequiresLibtorch
class OperatorsTest {

  private static final double STEP = 1e-6;

  @TempDir private Path folder;

  static List<OperatorCase> all() {
    return OperatorCases.all();
  }

  static Stream<OperatorCase> served() {
    return all().stream().filter(operator -> !operator.isTraining());
  }

  static Stream<OperatorCase> differentiable() {
    return all().stream().filter(OperatorCase::isDifferentiable);
  }

  @Test
  void noOperatorIsUntested() {
    Set<String> tested = new TreeSet<>();
    all().forEach(operator -> tested.add(operator.operator()));
    assertThat(tested).isEqualTo(OperatorRegistry.standard().names());
  }

  @ParameterizedTest
  @MethodSource("served")
  void givesWhatOnnxRuntimeGives(OperatorCase operator) throws Exception {
    // Given
    Path file = folder.resolve("case.onnx");
    Files.write(file, operator.model(false).toByteArray());
    OperatorCase.Floats input = operator.floats().getFirst();

    // When
    TensorValue expected;
    try (OnnxRunner runner = OnnxRunner.open(file, RuntimeOptions.ofThreads(1))) {
      expected = runner.run(input.name(), input.values(), input.shape(), OperatorCase.OUTPUT);
    }
    float[] actual;
    long[] shape;
    TrainGraph graph = TrainGraph.of(operator.model(false));
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT32);
        TorchScope scope = TorchScope.withoutGradients()) {
      Tensor tensor = Tensors.of(input.values(), input.shape(), FloatType.FLOAT32);
      Tensor output =
          new GraphExecutor(graph, parameters)
              .run(tensor, Set.of(OperatorCase.OUTPUT), Mode.EVAL)
              .get(OperatorCase.OUTPUT);
      actual = Tensors.floats(output);
      shape = Tensors.shape(output);
    }

    // Then
    assertThat(Arrays.toString(shape)).isEqualTo(expected.shapeText());
    assertThat(actual).containsExactly(expected.values(), within(2e-6f));
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void hasTheGradientOfItsDifferences(OperatorCase operator) {
    Mode mode = operator.isTraining() ? Mode.TRAIN : Mode.EVAL;
    TrainGraph graph = TrainGraph.of(operator.model(true));
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT64)) {
      GraphExecutor executor = new GraphExecutor(graph, parameters);
      Map<String, double[]> values = new HashMap<>();
      for (OperatorCase.Floats input : operator.floats()) {
        double[] exact = new double[input.values().length];
        for (int i = 0; i < exact.length; i++) {
          exact[i] = input.values()[i];
        }
        values.put(input.name(), exact);
      }
      for (OperatorCase.Floats input : operator.floats()) {
        if (!input.differentiable()) {
          continue;
        }
        double[] gradient = gradient(executor, operator, values, input.name(), mode);
        double[] point = values.get(input.name());
        for (int i = 0; i < point.length; i++) {
          double at = point[i];
          point[i] = at + STEP;
          double above = weightedSum(executor, operator, values, mode);
          point[i] = at - STEP;
          double below = weightedSum(executor, operator, values, mode);
          point[i] = at;
          double difference = (above - below) / (2 * STEP);
          assertThat(gradient[i])
              .as("%s[%d]", input.name(), i)
              .isCloseTo(difference, within(1e-7 + 1e-6 * Math.abs(difference)));
        }
      }
    }
  }

  private static double weightedSum(
      GraphExecutor executor, OperatorCase operator, Map<String, double[]> values, Mode mode) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      return weightedSum(executor, inputs(operator, values), mode).item_double();
    }
  }

  private static double[] gradient(
      GraphExecutor executor,
      OperatorCase operator,
      Map<String, double[]> values,
      String name,
      Mode mode) {
    try (TorchScope scope = TorchScope.training()) {
      Map<String, Tensor> inputs = inputs(operator, values);
      inputs.get(name).set_requires_grad(true);
      Tensor sum = weightedSum(executor, inputs, mode);
      if (!sum.requires_grad()) {
        return new double[values.get(name).length];
      }
      sum.backward();
      return Tensors.doubles(inputs.get(name).grad());
    }
  }

  /** The output times fixed weights, so that no two elements have one gradient. */
  private static Tensor weightedSum(GraphExecutor executor, Map<String, Tensor> inputs, Mode mode) {
    Tensor output =
        executor.run(inputs, Set.of(OperatorCase.OUTPUT), mode).get(OperatorCase.OUTPUT);
    float[] weights = FormulaTensor.of("weights", Math.toIntExact(output.numel()), 1);
    return output
        .mul(Tensors.of(weights, Tensors.shape(output), FloatType.FLOAT64))
        .reshape(-1)
        .dot(torch.ones_like(output).reshape(-1));
  }

  private static Map<String, Tensor> inputs(OperatorCase operator, Map<String, double[]> values) {
    Map<String, Tensor> inputs = new HashMap<>();
    for (OperatorCase.Floats input : operator.floats()) {
      inputs.put(
          input.name(), Tensors.of(values.get(input.name()), input.shape(), FloatType.FLOAT64));
    }
    return inputs;
  }
}
