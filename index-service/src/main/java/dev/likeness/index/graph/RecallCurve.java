package dev.likeness.index.graph;

import java.util.List;
import java.util.Optional;

/**
 * Which share of the true nearest neighbors a graph finds, by how many candidates it keeps on the
 * way: measured on rows that were searched for before they were inserted, against all rows that
 * were.
 *
 * @param points by growing width; empty if it was not measured
 */
public record RecallCurve(List<Point> points) {

  /** The two lengths of answers that are measured. */
  static final int SHORT = 10;

  static final int LONG = 100;

  /**
   * @param width candidates kept
   * @param recallAt10 neighborRecallAtK for k = 10, 0 to 1
   * @param recallAt100 for k = 100, 0 to 1; 0 where the width is below 100
   */
  public record Point(int width, double recallAt10, double recallAt100) {
    public Point {
      if (width < 1 || !isShare(recallAt10) || !isShare(recallAt100)) {
        throw new IllegalArgumentException(
            "width must be positive and recall 0 to 1, are %d, %s and %s"
                .formatted(width, recallAt10, recallAt100));
      }
    }

    private static boolean isShare(double value) {
      return value >= 0 && value <= 1;
    }
  }

  public RecallCurve {
    points = List.copyOf(points);
  }

  /**
   * The least that was measured to reach a recall; empty if nothing did.
   *
   * @param k neighbors wanted; those of more than {@value #LONG} are taken to be found as those of
   *     {@value #LONG} with proportionally fewer candidates
   */
  public Optional<Choice> choose(int k, double recall) {
    for (Point point : points) {
      double reached = k <= SHORT ? point.recallAt10 : point.recallAt100;
      if (point.width >= Math.min(k, LONG) && reached >= recall) {
        long width = (long) point.width * Math.max(k, LONG) / LONG;
        return Optional.of(new Choice((int) Math.min(width, Integer.MAX_VALUE), reached));
      }
    }
    return Optional.empty();
  }

  /** So many candidates, and the recall that was measured with them. */
  public record Choice(int width, double recall) {}
}
