package dev.likeness.index.vector;

import dev.likeness.index.error.InvalidVectorException;

/** How alike two vectors are; a higher score is closer. */
public enum Similarity {
  /** Score in [-1, 1] up to rounding. Vectors are scaled to length 1 when they are stored. */
  COSINE,
  /** Score is the plain inner product, unbounded. Vectors are stored as they come. */
  INNER_PRODUCT;

  /** Keeps every inner product of 4096 values finite: 4096 · 10^15 · 10^15 is below 3.4·10^38. */
  public static final float MAX_MAGNITUDE = 1e15f;

  /**
   * A copy of {@code values} as it is stored and searched: checked, and of length 1 for {@link
   * #COSINE}.
   *
   * @throws InvalidVectorException if a value is NaN, infinite or larger than {@link
   *     #MAX_MAGNITUDE}, or if all are zero and the similarity is {@link #COSINE}
   */
  public float[] prepare(String field, float[] values) {
    double squares = squares(values);
    if (!(squares <= (double) MAX_MAGNITUDE * MAX_MAGNITUDE)) {
      requireMagnitudes(field, values);
    }
    return switch (this) {
      case INNER_PRODUCT -> values.clone();
      case COSINE -> scaled(field, values, Math.sqrt(squares));
    };
  }

  /**
   * In eight sums, so that an addition need not wait for the one before; always the same ones, so
   * that the bits are the same everywhere. NaN if a value is, and at most the square of {@link
   * #MAX_MAGNITUDE} only if each value is within it.
   */
  private static double squares(float[] values) {
    double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    int i = 0;
    for (; i <= values.length - 8; i += 8) {
      a += square(values[i]);
      b += square(values[i + 1]);
      c += square(values[i + 2]);
      d += square(values[i + 3]);
      e += square(values[i + 4]);
      f += square(values[i + 5]);
      g += square(values[i + 6]);
      h += square(values[i + 7]);
    }
    for (; i < values.length; i++) {
      a += square(values[i]);
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }

  private static double square(double value) {
    return value * value;
  }

  private static void requireMagnitudes(String field, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]) <= MAX_MAGNITUDE)) {
        throw new InvalidVectorException(
            field,
            "every value must be finite and within ±1e15, value %d is %s".formatted(i, values[i]));
      }
    }
  }

  private static float[] scaled(String field, float[] values, double norm) {
    if (norm == 0) {
      throw new InvalidVectorException(
          field, "all values are zero, which has no direction for cosine similarity");
    }
    double scale = 1 / norm;
    float[] unit = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      unit[i] = (float) (values[i] * scale);
    }
    return unit;
  }
}
