package dev.likeness.encoders.jpeg;

import static dev.likeness.encoders.jpeg.FixedPoint.*;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * SIMD: one block, or one pair of pixels, per lane of a register.
 *
 * <p>No method takes or returns a register: in methods of this length the compiler would not inline
 * it, and put every register into an object.
 */
final class VectorArithmetic implements SampleArithmetic {

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int WIDTH = INTS.length();

  /** As many bytes as there are lanes; and twice as many, in pairs. */
  private static final VectorSpecies<Byte> BYTES = bytes(WIDTH);

  private static final VectorSpecies<Byte> PAIRS = bytes(2 * WIDTH);

  /** No shape is shorter than 64 bits. */
  private static VectorSpecies<Byte> bytes(int count) {
    return VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(count * Byte.SIZE, 64)));
  }

  /** False where registers are too short, or longer than the blocks are many. */
  static boolean worthwhile() {
    return BYTES.length() == WIDTH && LANES % WIDTH == 0;
  }

  @Override
  public void transform(int[] coefficients, int[] samples) {
    for (int i = 0; i < 8 * LANES; i += WIDTH) {
      pass(coefficients, i, 8 * LANES, COLUMN_SHIFT);
    }
    for (int row = 0; row < 64 * LANES; row += 8 * LANES) {
      for (int i = 0; i < LANES; i += WIDTH) {
        pass(coefficients, row + i, LANES, ROW_SHIFT);
      }
    }
    limit(coefficients);
    for (int half = 0; half < 16; half++) {
      for (int i = 0; i < LANES; i += WIDTH) {
        join(coefficients, half * 4 * LANES + i, samples, half * LANES + i);
      }
    }
  }

  private static void pass(int[] block, int at, int step, int shift) {
    IntVector in2 = IntVector.fromArray(INTS, block, at + 2 * step);
    IntVector in6 = IntVector.fromArray(INTS, block, at + 6 * step);
    IntVector even = in2.add(in6).mul(F0_541);
    IntVector second = even.sub(in6.mul(F1_847));
    IntVector third = even.add(in2.mul(F0_765));
    IntVector in0 = IntVector.fromArray(INTS, block, at);
    IntVector in4 = IntVector.fromArray(INTS, block, at + 4 * step);
    int half = 1 << (shift - 1);
    IntVector sum = in0.add(in4).lanewise(LSHL, FACTOR_BITS).add(half);
    IntVector difference = in0.sub(in4).lanewise(LSHL, FACTOR_BITS).add(half);

    IntVector in7 = IntVector.fromArray(INTS, block, at + 7 * step);
    IntVector in5 = IntVector.fromArray(INTS, block, at + 5 * step);
    IntVector in3 = IntVector.fromArray(INTS, block, at + 3 * step);
    IntVector in1 = IntVector.fromArray(INTS, block, at + step);
    IntVector z3 = in7.add(in3);
    IntVector z4 = in5.add(in1);
    IntVector z5 = z3.add(z4).mul(F1_175);
    z3 = z5.sub(z3.mul(F1_961));
    z4 = z5.sub(z4.mul(F0_390));
    IntVector z1 = in7.add(in1).mul(F0_899);
    IntVector z2 = in5.add(in3).mul(F2_562);

    IntVector e = sum.add(third);
    IntVector o = in1.mul(F1_501).sub(z1).add(z4);
    e.add(o).lanewise(ASHR, shift).intoArray(block, at);
    e.sub(o).lanewise(ASHR, shift).intoArray(block, at + 7 * step);
    e = difference.add(second);
    o = in3.mul(F3_072).sub(z2).add(z3);
    e.add(o).lanewise(ASHR, shift).intoArray(block, at + step);
    e.sub(o).lanewise(ASHR, shift).intoArray(block, at + 6 * step);
    e = difference.sub(second);
    o = in5.mul(F2_053).sub(z2).add(z4);
    e.add(o).lanewise(ASHR, shift).intoArray(block, at + 2 * step);
    e.sub(o).lanewise(ASHR, shift).intoArray(block, at + 5 * step);
    e = sum.sub(third);
    o = in7.mul(F0_298).sub(z1).add(z3);
    e.add(o).lanewise(ASHR, shift).intoArray(block, at + 3 * step);
    e.sub(o).lanewise(ASHR, shift).intoArray(block, at + 4 * step);
  }

  /** To samples from 0 to 255. */
  private static void limit(int[] values) {
    for (int i = 0; i < 64 * LANES; i += WIDTH) {
      IntVector.fromArray(INTS, values, i)
          .lanewise(LSHL, WRAPPED_BITS)
          .lanewise(ASHR, WRAPPED_BITS)
          .add(CENTRE)
          .max(0)
          .min(255)
          .intoArray(values, i);
    }
  }

  /** Four samples to one integer. */
  private static void join(int[] values, int at, int[] samples, int to) {
    IntVector second = IntVector.fromArray(INTS, values, at + LANES).lanewise(LSHL, 8);
    IntVector third = IntVector.fromArray(INTS, values, at + 2 * LANES).lanewise(LSHL, 16);
    IntVector fourth = IntVector.fromArray(INTS, values, at + 3 * LANES).lanewise(LSHL, 24);
    IntVector.fromArray(INTS, values, at).or(second).or(third).or(fourth).intoArray(samples, to);
  }

  @Override
  public void mix(byte[] plane, int near, int far, int count, int[] sums) {
    for (int i = 0; i < count; i += WIDTH) {
      IntVector nearer =
          (IntVector)
              ByteVector.fromArray(BYTES, plane, near + i)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
      IntVector farther =
          (IntVector)
              ByteVector.fromArray(BYTES, plane, far + i)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
      nearer.mul(3).add(farther).intoArray(sums, i + 1);
    }
  }

  @Override
  public void widen(int[] sums, int pairs, int evenBias, int oddBias, PixelPairs out) {
    for (int i = 0; i < pairs; i += WIDTH) {
      IntVector nearer = IntVector.fromArray(INTS, sums, i + 1).mul(3);
      IntVector before = IntVector.fromArray(INTS, sums, i).add(evenBias);
      IntVector after = IntVector.fromArray(INTS, sums, i + 2).add(oddBias);
      nearer.add(before).lanewise(ASHR, 4).sub(CENTRE).intoArray(out.even, i);
      nearer.add(after).lanewise(ASHR, 4).sub(CENTRE).intoArray(out.odd, i);
    }
  }

  @Override
  public void split(byte[] plane, int at, int pairs, PixelPairs out) {
    for (int i = 0; i < pairs; i += WIDTH) {
      IntVector both =
          (IntVector)
              ByteVector.fromArray(PAIRS, plane, at + 2 * i)
                  .reinterpretAsShorts()
                  .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
      both.and(0xFF).sub(CENTRE).intoArray(out.even, i);
      both.lanewise(LSHR, 8).sub(CENTRE).intoArray(out.odd, i);
    }
  }

  @Override
  public void colors(PixelPairs luminance, PixelPairs blue, PixelPairs red, int pairs) {
    colors(luminance.even, blue.even, red.even, pairs);
    colors(luminance.odd, blue.odd, red.odd, pairs);
  }

  private static void colors(int[] pixels, int[] blues, int[] reds, int count) {
    for (int i = 0; i < count; i += WIDTH) {
      IntVector luminance = IntVector.fromArray(INTS, pixels, i);
      IntVector cb = IntVector.fromArray(INTS, blues, i);
      IntVector cr = IntVector.fromArray(INTS, reds, i);
      IntVector red = cr.mul(RED_FROM_CR).add(COLOR_BIAS).lanewise(ASHR, COLOR_BITS).add(luminance);
      IntVector green =
          cb.mul(-GREEN_FROM_CB)
              .add(cr.mul(-GREEN_FROM_CR))
              .add(COLOR_BIAS)
              .lanewise(ASHR, COLOR_BITS)
              .add(luminance);
      IntVector blue =
          cb.mul(BLUE_FROM_CB).add(COLOR_BIAS).lanewise(ASHR, COLOR_BITS).add(luminance);
      red.max(0)
          .min(255)
          .or(green.max(0).min(255).lanewise(LSHL, 8))
          .or(blue.max(0).min(255).lanewise(LSHL, 16))
          .intoArray(pixels, i);
    }
  }
}
