package dev.likeness.training.execute;

/** What the residual branches of a network are multiplied by. */
@FunctionalInterface
public interface BranchScales {

  /**
   * One factor per image; the same whenever it is asked in the same step.
   *
   * @param branch number of it, from 0 at the images' end
   * @param branches of the network
   */
  float[] of(int branch, int branches);
}
