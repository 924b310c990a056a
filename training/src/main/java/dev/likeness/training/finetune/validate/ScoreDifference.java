package dev.likeness.training.finetune.validate;

/**
 * Score after minus score before, of the same queries.
 *
 * @param mean over queries
 * @param low lower end of the 95 % bootstrap interval of that mean
 * @param high its upper end
 */
public record ScoreDifference(double mean, double low, double high) {

  /** Whether the interval lies above 0. */
  public boolean certain() {
    return low > 0;
  }
}
