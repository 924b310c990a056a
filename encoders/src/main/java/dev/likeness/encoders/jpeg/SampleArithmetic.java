package dev.likeness.encoders.jpeg;

/**
 * The arithmetic between coefficients and pixels, in integers, so that both kinds answer the same
 * bytes. Immutable.
 *
 * <p>Rows are kept as pairs of an even and an odd column, since differences of half the columns
 * give each sample twice.
 */
sealed interface SampleArithmetic permits ScalarArithmetic, VectorArithmetic {

  /** Blocks that are transformed at a time. */
  int LANES = 16;

  /** What an array of samples or sums must have after what is used: whole registers are read. */
  int ROOM_AFTER = 64;

  /** The quickest that this JVM offers. */
  static SampleArithmetic best() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return present && VectorArithmetic.worthwhile()
        ? new VectorArithmetic()
        : new ScalarArithmetic();
  }

  /**
   * The inverse cosine transform, by the algorithm of Loeffler, Ligtenberg and Moschytz (ICASSP
   * 1989) in the scaling of the JPEG reference library's accurate integer method.
   *
   * @param coefficients [8][8][LANES]; overwritten
   * @param samples [8][2][LANES]: of each row the left and the right half, four samples in an
   *     integer, the first one lowest
   */
  void transform(int[] coefficients, int[] samples);

  /**
   * Three parts of one row and one of another.
   *
   * @param near where the first row begins
   * @param far where the other begins
   * @param sums from index 1 on
   */
  void mix(byte[] plane, int near, int far, int count, int[] sums);

  /**
   * Doubles the columns of a difference by the triangle filter: 3/4 of the nearer sample, 1/4 of
   * the farther one.
   *
   * @param sums of {@link #mix}, with one more at each end
   * @param evenBias what rounds the even columns, in sixteenths
   * @param oddBias the same of the odd ones
   * @param out samples around 0
   */
  void widen(int[] sums, int pairs, int evenBias, int oddBias, PixelPairs out);

  /**
   * Takes a row as it is.
   *
   * @param at where it begins
   * @param out samples around 0
   */
  void split(byte[] plane, int at, int pairs, PixelPairs out);

  /**
   * Luminance and differences to RGB (ITU-T T.871, section 7), in 16-bit fixed point.
   *
   * @param luminance on entry; the pixels on return, red in the lowest byte
   */
  void colors(PixelPairs luminance, PixelPairs blue, PixelPairs red, int pairs);
}
