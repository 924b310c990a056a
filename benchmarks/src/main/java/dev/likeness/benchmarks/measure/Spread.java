package dev.likeness.benchmarks.measure;

import java.util.Arrays;

/**
 * Smallest, middle and largest of some measurements.
 *
 * @param min the smallest
 * @param median the middle one; of an even number the mean of the two in the middle
 * @param max the largest
 */
public record Spread(double min, double median, double max) {

  /**
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a spread needs at least one measurement");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }
}
