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
   * A vector whose squared length is so close to 1 is of length 1 already and stays as it is, to
   * the bit: encoders normalise in float32, and what was read from a collection can be written
   * back. Scores are off by no more than this, a fraction of what float32 sums of many values are.
   */
  public static final double UNIT_TOLERANCE = 0x1p-20;

  /**
   * A copy of {@code values} as it is stored and searched: checked, and of length 1 for {@link
   * #COSINE}.
   *
   * @throws InvalidVectorException if a value is NaN, infinite or larger than {@link
   *     #MAX_MAGNITUDE}, or if all are zero and the similarity is {@link #COSINE}
   */
  public float[] prepare(String field, float[] values) {
    float[] prepared = values.clone();
    prepare(field, prepared, VectorScaling.PLAIN);
    return prepared;
  }

  /**
   * As {@link #prepare(String, float[])}, to the bit, but in place.
   *
   * @param scaling does the arithmetic
   */
  public void prepare(String field, float[] values, VectorScaling scaling) {
    double squares = scaling.squares(values);
    // NaN if a value is, and this small only if each value is within the limit
    if (!(squares <= (double) MAX_MAGNITUDE * MAX_MAGNITUDE)) {
      requireMagnitudes(field, values);
    }
    if (this == INNER_PRODUCT || Math.abs(squares - 1) <= UNIT_TOLERANCE) {
      return;
    }
    if (squares == 0) {
      throw new InvalidVectorException(
          field, "all values are zero, which has no direction for cosine similarity");
    }
    scaling.scale(values, 1 / Math.sqrt(squares));
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
}
