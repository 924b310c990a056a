package dev.likeness.encoders.jpeg;

/** Factors of the transform (13 bits after the point) and of the colours (16 bits). */
final class FixedPoint {

  /** Bits after the point of a transform's factor. */
  static final int FACTOR_BITS = 13;

  /** Bits that the columns keep for the rows. */
  static final int KEPT_BITS = 2;

  static final int COLUMN_SHIFT = FACTOR_BITS - KEPT_BITS;

  /** The eightfold gain of both passes goes as well. */
  static final int ROW_SHIFT = FACTOR_BITS + KEPT_BITS + 3;

  static final int F0_298 = 2446;
  static final int F0_390 = 3196;
  static final int F0_541 = 4433;
  static final int F0_765 = 6270;
  static final int F0_899 = 7373;
  static final int F1_175 = 9633;
  static final int F1_501 = 12299;
  static final int F1_847 = 15137;
  static final int F1_961 = 16069;
  static final int F2_053 = 16819;
  static final int F2_562 = 20995;
  static final int F3_072 = 25172;

  /** Samples lie around 0 before this is added. */
  static final int CENTRE = 128;

  /** What the reference library's table of 1,024 places makes of values far beyond a sample. */
  static final int WRAPPED_BITS = 32 - 10;

  static final int COLOR_BITS = 16;

  /** Rounds, and moves the luminance back from around 0. */
  static final int COLOR_BIAS = (CENTRE << COLOR_BITS) + (1 << (COLOR_BITS - 1));

  static final int RED_FROM_CR = 91881;
  static final int BLUE_FROM_CB = 116130;
  static final int GREEN_FROM_CR = 46802;
  static final int GREEN_FROM_CB = 22554;

  private FixedPoint() {}
}
