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
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      float value = values[i];
      if (!(Math.abs(value) <= MAX_MAGNITUDE)) {
        throw new InvalidVectorException(
            field,
            "every value must be finite and within ±1e15, value %d is %s".formatted(i, value));
      }
      squares += (double) value * value;
    }
    return switch (this) {
      case INNER_PRODUCT -> values.clone();
      case COSINE -> scaled(field, values, Math.sqrt(squares));
    };
  }

  private static float[] scaled(String field, float[] values, double norm) {
    if (norm == 0) {
      throw new InvalidVectorException(
          field, "all values are zero, which has no direction for cosine similarity");
    }
    float[] unit = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      unit[i] = (float) (values[i] / norm);
    }
    return unit;
  }
}
