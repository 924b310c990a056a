package dev.likeness.evaluation.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap interval of a mean: queries are drawn with replacement, as many as there
 * are, and the interval holds the middle share of the means of the draws (Efron and Tibshirani, "An
 * Introduction to the Bootstrap", chapter 13). The same values and seed give the same interval.
 *
 * @param low lower end, linear between neighbouring draws
 * @param high upper end
 * @param level share of the draws inside, 0.95
 * @param resamples number of draws
 * @param seed seed of the draws
 */
public record BootstrapInterval(double low, double high, double level, int resamples, long seed) {
  /** Share of draws inside the interval. */
  public static final double LEVEL = 0.95;

  /** Number of draws: the ends then move by about a twentieth of the interval between seeds. */
  public static final int RESAMPLES = 2000;

  public BootstrapInterval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("low is at most high, got %s and %s".formatted(low, high));
    }
  }

  /**
   * @param values one value per query, at least one
   * @param seed seed of the draws
   */
  public static BootstrapInterval ofMean(double[] values, long seed) {
    if (values.length == 0) {
      throw new IllegalArgumentException("an interval needs at least one value");
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[RESAMPLES];
    double[] draw = new double[values.length];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      for (int i = 0; i < draw.length; i++) {
        draw[i] = values[random.nextInt(values.length)];
      }
      means[resample] = Arrays.stream(draw).sum() / draw.length;
    }
    Arrays.sort(means);
    double tail = (1 - LEVEL) / 2;
    return new BootstrapInterval(
        quantile(means, tail), quantile(means, 1 - tail), LEVEL, RESAMPLES, seed);
  }

  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
