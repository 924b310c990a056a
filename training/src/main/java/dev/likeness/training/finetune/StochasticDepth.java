package dev.likeness.training.finetune;

import dev.likeness.training.execute.BranchScales;
import dev.likeness.training.finetune.data.Randomness;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Leaves residual branches out at random, image by image (G. Huang et al., 2016, "Deep networks
 * with stochastic depth"): the last one with the given rate, earlier ones less, in proportion. What
 * is kept is enlarged, so that the expectation stays.
 */
final class StochasticDepth implements BranchScales {

  private final double rate;
  private final int images;
  private final long seed;
  private final long[] position;

  /**
   * @param rate of the last branch, [0, 1)
   * @param images of the step
   * @param position of the step; equal positions draw the same
   */
  StochasticDepth(double rate, int images, long seed, long... position) {
    this.rate = rate;
    this.images = images;
    this.seed = seed;
    this.position = position.clone();
  }

  @Override
  public float[] of(int branch, int branches) {
    long[] place = Arrays.copyOf(position, position.length + 1);
    place[position.length] = branch;
    SplittableRandom random = Randomness.of(seed, "stochastic depth", place);
    double dropped = rate * (branch + 1) / branches;
    float[] factors = new float[images];
    for (int i = 0; i < images; i++) {
      factors[i] = random.nextDouble() < dropped ? 0 : (float) (1 / (1 - dropped));
    }
    return factors;
  }
}
