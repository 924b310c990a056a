package dev.likeness.training.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.graph.ResidualBranches;
import dev.likeness.training.graph.ResidualBranches.Branch;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

@RequiresLibtorch
class StochasticDepthTest {

  private static final int IMAGES = 2;

  @Test
  void everyBlockHasOneBranchWhichIsNotItsShortcut() {
    assertThat(ResidualBranches.of(TrainGraph.of(TinyEncoder.model())))
        .hasSize(3)
        .extracting(Branch::input)
        .containsOnly(1);
  }

  @Test
  void theExpectationStaysAndLaterBranchesAreLeftOutMore() {
    int images = 20_000;
    StochasticDepth depth = new StochasticDepth(0.6, images, 7, 1, 2);
    for (int branch = 0; branch < 3; branch++) {
      float[] factors = depth.of(branch, 3);
      double sum = 0;
      int left = 0;
      for (float factor : factors) {
        sum += factor;
        left += factor == 0 ? 1 : 0;
      }
      assertThat(sum / images).isCloseTo(1, within(0.03));
      assertThat((double) left / images).isCloseTo(0.2 * (branch + 1), within(0.02));
    }
  }

  @Test
  void equalPositionsDrawTheSameAndOthersDoNot() {
    float[] drawn = new StochasticDepth(0.5, 64, 7, 1, 2).of(0, 2);

    assertThat(new StochasticDepth(0.5, 64, 7, 1, 2).of(0, 2)).isEqualTo(drawn);
    assertThat(new StochasticDepth(0.5, 64, 7, 1, 3).of(0, 2)).isNotEqualTo(drawn);
    assertThat(new StochasticDepth(0.5, 64, 8, 1, 2).of(0, 2)).isNotEqualTo(drawn);
  }

  @Test
  void rateZeroMultipliesByOne() {
    assertThat(new StochasticDepth(0, 3, 7, 1).of(0, 2)).containsOnly(1f);
  }

  @Test
  void anImageWithoutBranchesIsItsShortcutAndTheOthersStay() {
    TrainGraph graph = TrainGraph.of(TinyEncoder.model());
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT32)) {
      GraphExecutor executor = new GraphExecutor(graph, parameters);
      float[] plain = run(executor, "layers.2.sum");
      float[] shortcut = run(executor, "stem.0.relu");

      executor.scaleBranches((branch, branches) -> new float[] {1, 0});
      float[] scaled = run(executor, "layers.2.sum");
      executor.scaleBranches(null);

      int length = plain.length / IMAGES;
      assertThat(Arrays.copyOf(scaled, length)).isEqualTo(Arrays.copyOf(plain, length));
      assertThat(Arrays.copyOfRange(scaled, length, 2 * length))
          .isEqualTo(Arrays.copyOfRange(shortcut, length, 2 * length))
          .isNotEqualTo(Arrays.copyOfRange(plain, length, 2 * length));
      assertThat(run(executor, "layers.2.sum")).isEqualTo(plain);
    }
  }

  private static float[] run(GraphExecutor executor, String wanted) {
    float[] pixels = new float[IMAGES * 3 * TinyEncoder.SIDE * TinyEncoder.SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(i);
    }
    long[] shape = {IMAGES, 3, TinyEncoder.SIDE, TinyEncoder.SIDE};
    try (TorchScope scope = TorchScope.withoutGradients()) {
      return Tensors.floats(
          executor
              .run(Tensors.of(pixels, shape, FloatType.FLOAT32), Set.of(wanted), Mode.EVAL)
              .get(wanted));
    }
  }
}
