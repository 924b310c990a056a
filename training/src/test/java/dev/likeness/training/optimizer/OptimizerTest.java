package dev.likeness.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.TinyNetwork;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** On y = w·x + b with the gradient x = (1, −2) for w and 1 for b. */
@RequiresLibtorch
class OptimizerTest {

  @Test
  void sgdGoesDownTheGradientWithMomentumAndDecay() {
    try (ParameterStore parameters = store();
        Sgd optimizer = new Sgd(parameters, 0.5, 0.1)) {
      step(parameters, optimizer, 0.1);
      step(parameters, optimizer, 0.1);

      // v₁ = 1 + 0.3; w₁ = 3 − 0.13; v₂ = 0.65 + 1 + 0.287; w₂ = 2.87 − 0.1937
      assertThat(weight(parameters)[0]).isCloseTo(2.6763, within(1e-12));
    }
  }

  @Test
  void theFirstStepOfAdamIsTheLearningRateWhateverTheGradient() {
    try (ParameterStore parameters = store();
        Adam optimizer = new Adam(parameters, AdamSettings.plain())) {
      step(parameters, optimizer, 0.1);

      assertThat(weight(parameters)).containsExactly(new double[] {2.9, 4.1}, within(1e-8));
    }
  }

  @Test
  void decayIsApartFromTheGradient() {
    try (ParameterStore parameters = store();
        Adam optimizer = new Adam(parameters, AdamSettings.decayed(0.5))) {
      step(parameters, optimizer, 0.1);

      assertThat(weight(parameters)).containsExactly(new double[] {2.75, 3.9}, within(1e-8));
    }
  }

  @Test
  void eachWeightHasItsOwnRate() {
    try (ParameterStore parameters = store();
        Sgd optimizer = new Sgd(parameters, 0, 0)) {
      backward(parameters);
      optimizer.step(parameter -> parameter.name().equals(TinyNetwork.WEIGHT) ? 0.5 : 0);

      assertThat(weight(parameters)).containsExactly(new double[] {2.5, 5}, within(1e-12));
      assertThat(values(parameters, TinyNetwork.BIAS)).containsExactly(1);
    }
  }

  @Test
  void frozenWeightsStay() {
    try (ParameterStore parameters = store();
        Adam optimizer = new Adam(parameters, AdamSettings.decayed(0.5))) {
      parameters.trainOnly(name -> name.equals(TinyNetwork.BIAS));
      step(parameters, optimizer, 0.1);

      assertThat(weight(parameters)).containsExactly(3, 4);
      assertThat(values(parameters, TinyNetwork.BIAS)[0]).isLessThan(1);
    }
  }

  @Test
  void continuesExactlyWhereItWasSaved() {
    Map<String, Function<ParameterStore, Optimizer>> kinds =
        Map.of(
            "adam", store -> new Adam(store, AdamSettings.decayed(0.1)),
            "sgd", store -> new Sgd(store, 0.9, 0));
    for (Function<ParameterStore, Optimizer> kind : kinds.values()) {
      try (ParameterStore through = store();
          ParameterStore resumed = store();
          Optimizer first = kind.apply(through);
          Optimizer second = kind.apply(resumed)) {
        step(through, first, 0.01);
        step(through, first, 0.01);
        resumed.set(TinyNetwork.WEIGHT, floats(weight(through)));
        resumed.set(TinyNetwork.BIAS, floats(values(through, TinyNetwork.BIAS)));
        second.restore(first.state());
        through.set(TinyNetwork.WEIGHT, floats(weight(through)));
        through.set(TinyNetwork.BIAS, floats(values(through, TinyNetwork.BIAS)));

        step(through, first, 0.01);
        step(resumed, second, 0.01);

        assertThat(weight(resumed)).containsExactly(weight(through));
      }
    }
  }

  @Test
  void refusesTheStateOfAnotherOptimizer() {
    try (ParameterStore parameters = store();
        Sgd sgd = new Sgd(parameters, 0.9, 0);
        Adam adam = new Adam(parameters, AdamSettings.plain())) {
      step(parameters, sgd, 0.1);
      OptimizerState state = sgd.state();

      assertThatThrownBy(() -> adam.restore(state)).hasMessageContaining("another optimizer");
    }
  }

  private static ParameterStore store() {
    return ParameterStore.of(TinyNetwork.graph(), FloatType.FLOAT64);
  }

  private static void step(ParameterStore parameters, Optimizer optimizer, double rate) {
    backward(parameters);
    optimizer.step(rate);
  }

  private static void backward(ParameterStore parameters) {
    parameters.clearGradients();
    try (TorchScope scope = TorchScope.training()) {
      GraphExecutor executor = new GraphExecutor(TinyNetwork.graph(), parameters);
      Tensor x = Tensors.of(new double[] {1, -2}, new long[] {1, 2}, FloatType.FLOAT64);
      torch.sum(executor.run(x, Set.of("y"), Mode.TRAIN).get("y")).backward();
    }
  }

  private static double[] weight(ParameterStore parameters) {
    return values(parameters, TinyNetwork.WEIGHT);
  }

  private static double[] values(ParameterStore parameters, String name) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      return Tensors.doubles(parameters.find(name).orElseThrow().tensor());
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
