package dev.likeness.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.TinyNetwork;
import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.execute.Placement;
import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

@RequiresLibtorch
class AdamSweepTest {

  private static final long[] KERNEL = {2, 3, 2, 2};

  @Test
  void takesEachWeightItsOwnGradientHoweverBothLieInMemory() {
    float[] turned = stepped(new Placement(false, true));
    float[] plain = stepped(Placement.asInFile());

    assertThat(turned).containsExactly(plain);
    assertThat(plain[0]).as("slope below 0").isPositive();
    assertThat(plain[2]).as("slope above 0").isLessThan(2);
  }

  @Test
  void weightsThatStartedLaterCountTheirOwnSteps() {
    try (ParameterStore parameters = ParameterStore.of(TinyNetwork.graph(), FloatType.FLOAT32);
        Adam adam = new Adam(parameters, AdamSettings.plain())) {
      Parameter early = parameters.find(TinyNetwork.WEIGHT).orElseThrow();
      Parameter late = parameters.find(TinyNetwork.BIAS).orElseThrow();
      give(early, 1, 1);
      adam.step(0.1);
      give(late, 1);
      adam.step(0.1);

      assertThat(adam.steps()).containsEntry(early.name(), 2L).containsEntry(late.name(), 1L);
      assertThat(values(late)[0]).isCloseTo(0.9f, within(1e-6f));
    }
  }

  /** A convolution's weight after two steps with gradients that lie as a file has them. */
  private static float[] stepped(Placement placement) {
    try (ParameterStore parameters =
            ParameterStore.of(TinyNetwork.graph(), FloatType.FLOAT32, placement);
        Adam adam = new Adam(parameters, AdamSettings.decayed(0.1))) {
      float[] values = new float[24];
      float[] slopes = new float[24];
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
        slopes[i] = i % 3 - 1;
      }
      Parameter kernel = parameters.add("kernel", ParameterRole.WEIGHT, values, KERNEL);
      for (int step = 0; step < 2; step++) {
        give(kernel, slopes);
        adam.step(0.5);
      }
      return values(kernel);
    }
  }

  private static void give(Parameter parameter, float... slopes) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      Tensor gradient = Tensors.of(slopes, Tensors.shape(parameter.tensor()), FloatType.FLOAT32);
      Tensor unused = parameter.tensor().mutable_grad().put(gradient);
    }
  }

  private static float[] values(Parameter parameter) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      return Tensors.floats(parameter.tensor());
    }
  }
}
