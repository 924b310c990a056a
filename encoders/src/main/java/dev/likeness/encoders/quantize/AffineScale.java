package dev.likeness.encoders.quantize;

/**
 * How a tensor's values become unsigned bytes: {@code code = clamp(round(x / scale) + zeroPoint, 0,
 * 255)}, after B. Jacob et al., 2018, "Quantization and training of neural networks for efficient
 * integer-arithmetic-only inference". Zero is always represented exactly.
 *
 * @param scale of one step, positive
 * @param zeroPoint the code of 0, from 0 to 255
 */
record AffineScale(float scale, int zeroPoint) {

  static final int LEVELS = 255;

  AffineScale {
    if (!(scale > 0) || zeroPoint < 0 || zeroPoint > LEVELS) {
      throw new IllegalArgumentException(
          "scale must be positive and the zero point a byte, got %s and %d"
              .formatted(scale, zeroPoint));
    }
  }

  /** For values from {@code low} to {@code high}; the range is widened to contain 0. */
  static AffineScale ofRange(double low, double high) {
    double from = Math.min(low, 0);
    double to = Math.max(high, 0);
    double width = to - from;
    if (!(width / LEVELS >= Float.MIN_NORMAL)) {
      return new AffineScale(1, 0);
    }
    float scale = (float) (width / LEVELS);
    return new AffineScale(scale, (int) Math.clamp(Math.rint(-from / scale), 0, LEVELS));
  }
}
