package dev.likeness.encoders;

/** Comparisons of vectors for assertions. */
public final class VectorDistance {

  private VectorDistance() {}

  /** |actual - expected| / |expected|. */
  public static double relativeDistance(float[] actual, double[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      length += expected[i] * expected[i];
    }
    return Math.sqrt(difference / length);
  }
}
