package dev.likeness.encoders.jpeg;

import static dev.likeness.encoders.jpeg.FixedPoint.*;

/** Plain loops: the reference. */
final class ScalarArithmetic implements SampleArithmetic {

  @Override
  public void transform(int[] coefficients, int[] samples) {
    for (int i = 0; i < 8; i++) {
      pass(coefficients, i * LANES, 8 * LANES, COLUMN_SHIFT);
    }
    for (int i = 0; i < 8; i++) {
      pass(coefficients, i * 8 * LANES, LANES, ROW_SHIFT);
    }
    for (int i = 0; i < 16; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        int four = 0;
        for (int column = 3; column >= 0; column--) {
          four = four << 8 | sample(coefficients[(i * 4 + column) * LANES + lane]);
        }
        samples[i * LANES + lane] = four;
      }
    }
  }

  private static int sample(int value) {
    return clamp((value << WRAPPED_BITS >> WRAPPED_BITS) + CENTRE);
  }

  /** One dimension, of all blocks, in place. */
  private static void pass(int[] block, int at, int step, int shift) {
    for (int i = at; i < at + LANES; i++) {
      int even = (block[i + 2 * step] + block[i + 6 * step]) * F0_541;
      int second = even - block[i + 6 * step] * F1_847;
      int third = even + block[i + 2 * step] * F0_765;
      int sum = (block[i] + block[i + 4 * step]) << FACTOR_BITS;
      int difference = (block[i] - block[i + 4 * step]) << FACTOR_BITS;
      int half = 1 << (shift - 1);
      int e0 = sum + third + half;
      int e3 = sum - third + half;
      int e1 = difference + second + half;
      int e2 = difference - second + half;

      int o7 = block[i + 7 * step];
      int o5 = block[i + 5 * step];
      int o3 = block[i + 3 * step];
      int o1 = block[i + step];
      int z1 = (o7 + o1) * -F0_899;
      int z2 = (o5 + o3) * -F2_562;
      int z5 = (o7 + o3 + o5 + o1) * F1_175;
      int z3 = (o7 + o3) * -F1_961 + z5;
      int z4 = (o5 + o1) * -F0_390 + z5;
      o7 = o7 * F0_298 + z1 + z3;
      o5 = o5 * F2_053 + z2 + z4;
      o3 = o3 * F3_072 + z2 + z3;
      o1 = o1 * F1_501 + z1 + z4;

      block[i] = (e0 + o1) >> shift;
      block[i + 7 * step] = (e0 - o1) >> shift;
      block[i + step] = (e1 + o3) >> shift;
      block[i + 6 * step] = (e1 - o3) >> shift;
      block[i + 2 * step] = (e2 + o5) >> shift;
      block[i + 5 * step] = (e2 - o5) >> shift;
      block[i + 3 * step] = (e3 + o7) >> shift;
      block[i + 4 * step] = (e3 - o7) >> shift;
    }
  }

  @Override
  public void mix(byte[] plane, int near, int far, int count, int[] sums) {
    for (int i = 0; i < count; i++) {
      sums[i + 1] = 3 * (plane[near + i] & 0xFF) + (plane[far + i] & 0xFF);
    }
  }

  @Override
  public void widen(int[] sums, int pairs, int evenBias, int oddBias, PixelPairs out) {
    for (int i = 0; i < pairs; i++) {
      int nearer = 3 * sums[i + 1];
      out.even[i] = ((nearer + sums[i] + evenBias) >> 4) - CENTRE;
      out.odd[i] = ((nearer + sums[i + 2] + oddBias) >> 4) - CENTRE;
    }
  }

  @Override
  public void split(byte[] plane, int at, int pairs, PixelPairs out) {
    for (int i = 0; i < pairs; i++) {
      out.even[i] = (plane[at + 2 * i] & 0xFF) - CENTRE;
      out.odd[i] = (plane[at + 2 * i + 1] & 0xFF) - CENTRE;
    }
  }

  @Override
  public void colors(PixelPairs luminance, PixelPairs blue, PixelPairs red, int pairs) {
    for (int i = 0; i < pairs; i++) {
      luminance.even[i] = pixel(luminance.even[i], blue.even[i], red.even[i]);
      luminance.odd[i] = pixel(luminance.odd[i], blue.odd[i], red.odd[i]);
    }
  }

  private static int pixel(int luminance, int cb, int cr) {
    int red = luminance + ((RED_FROM_CR * cr + COLOR_BIAS) >> COLOR_BITS);
    int green = luminance + ((COLOR_BIAS - GREEN_FROM_CB * cb - GREEN_FROM_CR * cr) >> COLOR_BITS);
    int blue = luminance + ((BLUE_FROM_CB * cb + COLOR_BIAS) >> COLOR_BITS);
    return clamp(red) | clamp(green) << 8 | clamp(blue) << 16;
  }

  private static int clamp(int value) {
    return Math.clamp(value, 0, 255);
  }
}
