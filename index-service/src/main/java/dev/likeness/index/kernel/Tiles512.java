package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Registers of 16 floats. The wide tile is 12 rows × 2 registers of queries, 24 accumulators; the
 * narrow one 16 rows × 1 register. Each step loads the queries' values once and broadcasts one
 * value of each row.
 *
 * <p>Names: {@code sXa}, {@code sXb} are the sums of row X with the first and second register of
 * queries.
 */
final class Tiles512 implements Tiles {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
  private static final int LANES = 16;
  private static final int WIDE_ROWS = 12;
  private static final int NARROW_ROWS = 16;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int groupRows() {
    return WIDE_ROWS;
  }

  @Override
  public void wide(float[] grouped, int rowCount, int dimension, QueryPanel panel, Hits hits) {
    float[] scores = new float[LANES];
    for (int row = 0; row < rowCount; row += WIDE_ROWS) {
      wide(grouped, row, dimension, panel.values(), hits, scores);
    }
  }

  @Override
  public void narrow(float[] tile, int rowCount, int dimension, QueryPanel panel, Hits hits) {
    float[] scores = new float[LANES];
    for (int row = 0; row < rowCount; row += NARROW_ROWS) {
      narrow(tile, row, dimension, panel.values(), hits, scores);
    }
  }

  private static void wide(
      float[] grouped, int row, int dimension, float[] queries, Hits hits, float[] scores) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector s0a = zero, s0b = zero;
    FloatVector s1a = zero, s1b = zero;
    FloatVector s2a = zero, s2b = zero;
    FloatVector s3a = zero, s3b = zero;
    FloatVector s4a = zero, s4b = zero;
    FloatVector s5a = zero, s5b = zero;
    FloatVector s6a = zero, s6b = zero;
    FloatVector s7a = zero, s7b = zero;
    FloatVector s8a = zero, s8b = zero;
    FloatVector s9a = zero, s9b = zero;
    FloatVector s10a = zero, s10b = zero;
    FloatVector s11a = zero, s11b = zero;
    int first = row * dimension;
    for (int i = 0; i < dimension; i++) {
      FloatVector a = FloatVector.fromArray(FLOATS, queries, 2 * LANES * i);
      FloatVector b = FloatVector.fromArray(FLOATS, queries, 2 * LANES * i + LANES);
      int at = first + WIDE_ROWS * i;
      FloatVector v;
      v = FloatVector.broadcast(FLOATS, grouped[at + 0]);
      s0a = v.fma(a, s0a);
      s0b = v.fma(b, s0b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 1]);
      s1a = v.fma(a, s1a);
      s1b = v.fma(b, s1b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 2]);
      s2a = v.fma(a, s2a);
      s2b = v.fma(b, s2b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 3]);
      s3a = v.fma(a, s3a);
      s3b = v.fma(b, s3b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 4]);
      s4a = v.fma(a, s4a);
      s4b = v.fma(b, s4b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 5]);
      s5a = v.fma(a, s5a);
      s5b = v.fma(b, s5b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 6]);
      s6a = v.fma(a, s6a);
      s6b = v.fma(b, s6b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 7]);
      s7a = v.fma(a, s7a);
      s7b = v.fma(b, s7b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 8]);
      s8a = v.fma(a, s8a);
      s8b = v.fma(b, s8b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 9]);
      s9a = v.fma(a, s9a);
      s9b = v.fma(b, s9b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 10]);
      s10a = v.fma(a, s10a);
      s10b = v.fma(b, s10b);
      v = FloatVector.broadcast(FLOATS, grouped[at + 11]);
      s11a = v.fma(a, s11a);
      s11b = v.fma(b, s11b);
    }
    FloatVector least = FloatVector.fromArray(FLOATS, hits.thresholds(), 0);
    FloatVector best =
        s0a.max(s1a)
            .max(s2a)
            .max(s3a)
            .max(s4a)
            .max(s5a)
            .max(s6a)
            .max(s7a)
            .max(s8a)
            .max(s9a)
            .max(s10a)
            .max(s11a);
    if (best.compare(VectorOperators.GE, least).anyTrue()) {
      keep(s0a, least, 0, row + 0, hits, scores);
      keep(s1a, least, 0, row + 1, hits, scores);
      keep(s2a, least, 0, row + 2, hits, scores);
      keep(s3a, least, 0, row + 3, hits, scores);
      keep(s4a, least, 0, row + 4, hits, scores);
      keep(s5a, least, 0, row + 5, hits, scores);
      keep(s6a, least, 0, row + 6, hits, scores);
      keep(s7a, least, 0, row + 7, hits, scores);
      keep(s8a, least, 0, row + 8, hits, scores);
      keep(s9a, least, 0, row + 9, hits, scores);
      keep(s10a, least, 0, row + 10, hits, scores);
      keep(s11a, least, 0, row + 11, hits, scores);
    }
    least = FloatVector.fromArray(FLOATS, hits.thresholds(), LANES);
    best =
        s0b.max(s1b)
            .max(s2b)
            .max(s3b)
            .max(s4b)
            .max(s5b)
            .max(s6b)
            .max(s7b)
            .max(s8b)
            .max(s9b)
            .max(s10b)
            .max(s11b);
    if (best.compare(VectorOperators.GE, least).anyTrue()) {
      keep(s0b, least, LANES, row + 0, hits, scores);
      keep(s1b, least, LANES, row + 1, hits, scores);
      keep(s2b, least, LANES, row + 2, hits, scores);
      keep(s3b, least, LANES, row + 3, hits, scores);
      keep(s4b, least, LANES, row + 4, hits, scores);
      keep(s5b, least, LANES, row + 5, hits, scores);
      keep(s6b, least, LANES, row + 6, hits, scores);
      keep(s7b, least, LANES, row + 7, hits, scores);
      keep(s8b, least, LANES, row + 8, hits, scores);
      keep(s9b, least, LANES, row + 9, hits, scores);
      keep(s10b, least, LANES, row + 10, hits, scores);
      keep(s11b, least, LANES, row + 11, hits, scores);
    }
  }

  private static void narrow(
      float[] tile, int row, int dimension, float[] queries, Hits hits, float[] scores) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector s0 = zero;
    FloatVector s1 = zero;
    FloatVector s2 = zero;
    FloatVector s3 = zero;
    FloatVector s4 = zero;
    FloatVector s5 = zero;
    FloatVector s6 = zero;
    FloatVector s7 = zero;
    FloatVector s8 = zero;
    FloatVector s9 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s12 = zero;
    FloatVector s13 = zero;
    FloatVector s14 = zero;
    FloatVector s15 = zero;
    int r0 = row * dimension;
    int r1 = r0 + dimension;
    int r2 = r1 + dimension;
    int r3 = r2 + dimension;
    int r4 = r3 + dimension;
    int r5 = r4 + dimension;
    int r6 = r5 + dimension;
    int r7 = r6 + dimension;
    int r8 = r7 + dimension;
    int r9 = r8 + dimension;
    int r10 = r9 + dimension;
    int r11 = r10 + dimension;
    int r12 = r11 + dimension;
    int r13 = r12 + dimension;
    int r14 = r13 + dimension;
    int r15 = r14 + dimension;
    for (int i = 0; i < dimension; i++) {
      FloatVector a = FloatVector.fromArray(FLOATS, queries, LANES * i);
      FloatVector v;
      v = FloatVector.broadcast(FLOATS, tile[r0 + i]);
      s0 = v.fma(a, s0);
      v = FloatVector.broadcast(FLOATS, tile[r1 + i]);
      s1 = v.fma(a, s1);
      v = FloatVector.broadcast(FLOATS, tile[r2 + i]);
      s2 = v.fma(a, s2);
      v = FloatVector.broadcast(FLOATS, tile[r3 + i]);
      s3 = v.fma(a, s3);
      v = FloatVector.broadcast(FLOATS, tile[r4 + i]);
      s4 = v.fma(a, s4);
      v = FloatVector.broadcast(FLOATS, tile[r5 + i]);
      s5 = v.fma(a, s5);
      v = FloatVector.broadcast(FLOATS, tile[r6 + i]);
      s6 = v.fma(a, s6);
      v = FloatVector.broadcast(FLOATS, tile[r7 + i]);
      s7 = v.fma(a, s7);
      v = FloatVector.broadcast(FLOATS, tile[r8 + i]);
      s8 = v.fma(a, s8);
      v = FloatVector.broadcast(FLOATS, tile[r9 + i]);
      s9 = v.fma(a, s9);
      v = FloatVector.broadcast(FLOATS, tile[r10 + i]);
      s10 = v.fma(a, s10);
      v = FloatVector.broadcast(FLOATS, tile[r11 + i]);
      s11 = v.fma(a, s11);
      v = FloatVector.broadcast(FLOATS, tile[r12 + i]);
      s12 = v.fma(a, s12);
      v = FloatVector.broadcast(FLOATS, tile[r13 + i]);
      s13 = v.fma(a, s13);
      v = FloatVector.broadcast(FLOATS, tile[r14 + i]);
      s14 = v.fma(a, s14);
      v = FloatVector.broadcast(FLOATS, tile[r15 + i]);
      s15 = v.fma(a, s15);
    }
    FloatVector least = FloatVector.fromArray(FLOATS, hits.thresholds(), 0);
    FloatVector best =
        s0.max(s1)
            .max(s2)
            .max(s3)
            .max(s4)
            .max(s5)
            .max(s6)
            .max(s7)
            .max(s8)
            .max(s9)
            .max(s10)
            .max(s11)
            .max(s12)
            .max(s13)
            .max(s14)
            .max(s15);
    if (best.compare(VectorOperators.GE, least).anyTrue()) {
      keep(s0, least, 0, row + 0, hits, scores);
      keep(s1, least, 0, row + 1, hits, scores);
      keep(s2, least, 0, row + 2, hits, scores);
      keep(s3, least, 0, row + 3, hits, scores);
      keep(s4, least, 0, row + 4, hits, scores);
      keep(s5, least, 0, row + 5, hits, scores);
      keep(s6, least, 0, row + 6, hits, scores);
      keep(s7, least, 0, row + 7, hits, scores);
      keep(s8, least, 0, row + 8, hits, scores);
      keep(s9, least, 0, row + 9, hits, scores);
      keep(s10, least, 0, row + 10, hits, scores);
      keep(s11, least, 0, row + 11, hits, scores);
      keep(s12, least, 0, row + 12, hits, scores);
      keep(s13, least, 0, row + 13, hits, scores);
      keep(s14, least, 0, row + 14, hits, scores);
      keep(s15, least, 0, row + 15, hits, scores);
    }
  }

  @Override
  public void codes(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int stride,
      float[] sums,
      int at) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < stride; i += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, query, i);
      s0 = value.fma(decoded(codes, offset0 + i), s0);
      s1 = value.fma(decoded(codes, offset1 + i), s1);
      s2 = value.fma(decoded(codes, offset2 + i), s2);
      s3 = value.fma(decoded(codes, offset3 + i), s3);
    }
    sums[at] = s0.reduceLanes(VectorOperators.ADD);
    sums[at + 1] = s1.reduceLanes(VectorOperators.ADD);
    sums[at + 2] = s2.reduceLanes(VectorOperators.ADD);
    sums[at + 3] = s3.reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float largest(float[] values) {
    FloatVector largest = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= values.length - LANES; i += LANES) {
      largest = largest.max(FloatVector.fromArray(FLOATS, values, i).abs());
    }
    return ScalarKernel.largest(values, i, largest.reduceLanes(VectorOperators.MAX));
  }

  @Override
  public float encode(float[] values, float factor, byte[] codes) {
    FloatVector toInteger = FloatVector.broadcast(FLOATS, ScalarKernel.TO_INTEGER);
    FloatVector squares = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= values.length - LANES; i += LANES) {
      FloatVector step = FloatVector.fromArray(FLOATS, values, i).mul(factor);
      FloatVector code = step.add(toInteger).sub(toInteger);
      FloatVector left = step.sub(code);
      squares = left.fma(left, squares);
      ((ByteVector) code.convertShape(VectorOperators.F2B, BYTES, 0)).intoArray(codes, i);
    }
    float sum = squares.reduceLanes(VectorOperators.ADD);
    return ScalarKernel.encode(values, i, factor, codes, sum);
  }

  private static FloatVector decoded(MemorySegment codes, long at) {
    ByteVector packed = ByteVector.fromMemorySegment(BYTES, codes, at, ORDER);
    return (FloatVector) packed.convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  private static void keep(
      FloatVector sums, FloatVector least, int firstLane, int row, Hits hits, float[] scores) {
    VectorMask<Float> reached = sums.compare(VectorOperators.GE, least);
    if (reached.anyTrue()) {
      sums.intoArray(scores, 0);
      hits.add(reached.toLong(), firstLane, row, scores);
    }
  }
}
