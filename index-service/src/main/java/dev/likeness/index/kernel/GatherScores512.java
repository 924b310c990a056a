package dev.likeness.index.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorKernel#scoreCodes(CodedQuery, CodedBlock, int, int[])} with registers of 512 bit. A
 * code is widened to 16 bit and multiplied there; four products fit ({@link CodedQuery}), so that
 * only every fourth sum is widened again. The query stays in registers while the rows pass.
 */
final class GatherScores512 implements GatherScores {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_256;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
  private static final int LANES = 32;

  /** Codes whose products are summed in 16 bit. */
  private static final int STEP = CodedQuery.PRODUCTS * LANES;

  @Override
  public void score(short[] query, byte[] block, int count, int[] sums) {
    int stride = query.length;
    int from = 0;
    if (stride % (2 * STEP) == 0) {
      twoSteps(query, block, 0, count, stride, sums, true);
      from = 2 * STEP;
    } else {
      oneStep(query, block, count, stride, sums);
      from = STEP;
    }
    for (; from < stride; from += 2 * STEP) {
      twoSteps(query, block, from, count, stride, sums, false);
    }
  }

  private static void oneStep(short[] query, byte[] block, int count, int stride, int[] sums) {
    ShortVector a = ShortVector.fromArray(SHORTS, query, 0);
    ShortVector b = ShortVector.fromArray(SHORTS, query, LANES);
    ShortVector c = ShortVector.fromArray(SHORTS, query, 2 * LANES);
    ShortVector d = ShortVector.fromArray(SHORTS, query, 3 * LANES);
    for (int row = 0; row < count; row++) {
      sums[row] = products(a, b, c, d, block, row * stride).reduceLanes(VectorOperators.ADD);
    }
  }

  private static void twoSteps(
      short[] query, byte[] block, int from, int count, int stride, int[] sums, boolean first) {
    ShortVector a = ShortVector.fromArray(SHORTS, query, from);
    ShortVector b = ShortVector.fromArray(SHORTS, query, from + LANES);
    ShortVector c = ShortVector.fromArray(SHORTS, query, from + 2 * LANES);
    ShortVector d = ShortVector.fromArray(SHORTS, query, from + 3 * LANES);
    ShortVector e = ShortVector.fromArray(SHORTS, query, from + STEP);
    ShortVector f = ShortVector.fromArray(SHORTS, query, from + STEP + LANES);
    ShortVector g = ShortVector.fromArray(SHORTS, query, from + STEP + 2 * LANES);
    ShortVector h = ShortVector.fromArray(SHORTS, query, from + STEP + 3 * LANES);
    for (int row = 0; row < count; row++) {
      int at = row * stride + from;
      int sum =
          products(a, b, c, d, block, at)
              .add(products(e, f, g, h, block, at + STEP))
              .reduceLanes(VectorOperators.ADD);
      sums[row] = first ? sum : sums[row] + sum;
    }
  }

  private static IntVector products(
      ShortVector a, ShortVector b, ShortVector c, ShortVector d, byte[] block, int at) {
    IntVector pairs =
        a.mul(widened(block, at))
            .add(b.mul(widened(block, at + LANES)))
            .add(c.mul(widened(block, at + 2 * LANES)).add(d.mul(widened(block, at + 3 * LANES))))
            .reinterpretAsInts();
    IntVector upper = pairs.lanewise(VectorOperators.ASHR, Short.SIZE);
    IntVector lower =
        pairs.lanewise(VectorOperators.LSHL, Short.SIZE).lanewise(VectorOperators.ASHR, Short.SIZE);
    return upper.add(lower);
  }

  private static ShortVector widened(byte[] block, int at) {
    ByteVector packed = ByteVector.fromArray(BYTES, block, at);
    return (ShortVector) packed.convertShape(VectorOperators.B2S, SHORTS, 0);
  }
}
