package dev.likeness.evaluation.metrics;

/**
 * The competition's score: 600 · top-1 + 300 · top-5 + 100 · top-10, each the share in [0, 1] of
 * queries with a right image among the first 1, 5, 10. Cumulative: a hit at rank 1 counts in all
 * three, so a perfect run scores 1000.
 */
public final class WeightedScore {
  private static final double TOP_1_WEIGHT = 600;
  private static final double TOP_5_WEIGHT = 300;
  private static final double TOP_10_WEIGHT = 100;

  private WeightedScore() {}

  /** The score of three shares in [0, 1]. */
  public static double of(double top1, double top5, double top10) {
    return TOP_1_WEIGHT * top1 + TOP_5_WEIGHT * top5 + TOP_10_WEIGHT * top10;
  }
}
