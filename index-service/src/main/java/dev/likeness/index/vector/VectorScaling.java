package dev.likeness.index.vector;

/**
 * The arithmetic of {@link Similarity#prepare}. The bits are part of the contract: they are the
 * same everywhere, so that a vector that is written twice is stored twice as the same one.
 */
public interface VectorScaling {

  /** Plain loops, the reference. */
  VectorScaling PLAIN = new PlainScaling();

  /**
   * The sum of the squares: of the values at i modulo 8 for each i from 0 to 7, those behind the
   * last whole group of 8 with the first of these; and of these eight sums {@code ((0 + 1) + (2 +
   * 3)) + ((4 + 5) + (6 + 7))}.
   *
   * @param values float32 [dimension]
   */
  double squares(float[] values);

  /** Multiplies every value by {@code factor}, in double precision. */
  void scale(float[] values, double factor);
}
