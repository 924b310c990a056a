package dev.likeness.index.opensearch;

/**
 * A query as OpenSearch scores it without losing digits. Its score of an inner product d is {@code
 * d + 1}, or {@code 1 / (1 - d)} below 0, in float32: all small products would become 1. So the
 * query is scaled by a power of two to a length near 2^63, and the score divided by the same. What
 * is lost is then no more than the rounding of the product itself; stored values are within 10^15,
 * so the largest product, 2^63 · 64 · 10^15, is far from the largest float32.
 */
final class ScaledQuery {

  private static final int EXPONENT = 63;

  private final float[] values;
  private final double scale;

  private ScaledQuery(float[] values, double scale) {
    this.values = values;
    this.scale = scale;
  }

  static ScaledQuery of(float[] query) {
    double squares = 0;
    for (float value : query) {
      squares += (double) value * value;
    }
    int shift = squares == 0 ? 0 : EXPONENT - Math.getExponent(Math.sqrt(squares));
    float[] values = new float[query.length];
    for (int i = 0; i < query.length; i++) {
      values[i] = Math.scalb(query[i], shift);
    }
    return new ScaledQuery(values, Math.scalb(1.0, shift));
  }

  /** float32 [dimension]. */
  float[] values() {
    return values;
  }

  /** The inner product that a score of OpenSearch stands for. */
  float product(double score) {
    return (float) ((score >= 1 ? score - 1 : 1 - 1 / score) / scale);
  }
}
