package dev.likeness.encoders.quantize;

import java.nio.FloatBuffer;

/**
 * How often a tensor takes which values, in equal steps over a range that is known beforehand.
 * Owned by one thread.
 */
final class ActivationHistogram {

  private static final int BINS = 2048;

  private final double low;
  private final double step;
  private final long[] counts = new long[BINS];
  private long total;

  /**
   * @param low smallest value
   * @param high largest value
   */
  ActivationHistogram(double low, double high) {
    this.low = low;
    this.step = Math.max((high - low) / BINS, Float.MIN_NORMAL);
  }

  void add(FloatBuffer values) {
    float from = (float) low;
    float perStep = (float) (1 / step);
    while (values.hasRemaining()) {
      int bin = (int) ((values.get() - from) * perStep);
      counts[Math.clamp(bin, 0, BINS - 1)]++;
      total++;
    }
  }

  /**
   * The range that leaves the smallest squared error when it is divided into 256 levels: what is
   * cut off at its ends against what is rounded inside. Tried are the ranges that keep the middle
   * 100 %, 99.999 %, 99.99 %, 99.9 % and 99.5 % of the values, never cutting an end at zero.
   */
  AffineScale leastSquares() {
    AffineScale best = scale(0);
    double least = squaredError(best);
    for (double cut : new double[] {1e-5, 1e-4, 1e-3, 5e-3}) {
      AffineScale candidate = scale(cut);
      double error = squaredError(candidate);
      if (error < least) {
        least = error;
        best = candidate;
      }
    }
    return best;
  }

  private AffineScale scale(double cut) {
    long tail = (long) (total * cut / 2);
    int first = 0;
    for (long seen = counts[0]; seen <= tail && first < BINS - 1; seen += counts[first]) {
      first++;
    }
    int last = BINS - 1;
    for (long seen = counts[last]; seen <= tail && last > first; seen += counts[last]) {
      last--;
    }
    double from = cut == 0 ? low : low + first * step;
    double to = cut == 0 ? low + BINS * step : low + (last + 1) * step;
    return AffineScale.ofRange(from, to);
  }

  private double squaredError(AffineScale candidate) {
    double smallest = -candidate.zeroPoint() * (double) candidate.scale();
    double largest = (AffineScale.LEVELS - candidate.zeroPoint()) * (double) candidate.scale();
    double rounding = (double) candidate.scale() * candidate.scale() / 12;
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      if (counts[bin] > 0) {
        double value = low + (bin + 0.5) * step;
        double beyond = value < smallest ? smallest - value : Math.max(value - largest, 0);
        sum += counts[bin] * (beyond * beyond + (beyond > 0 ? 0 : rounding));
      }
    }
    return sum;
  }
}
