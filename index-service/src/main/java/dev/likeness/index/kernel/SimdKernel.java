package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of 4 queries × 4 registers of rows (16 accumulators), and 1 × 4 for what is left.
 * Each step loads 4 registers of rows and broadcasts 4 query values for 16 fused multiply-adds.
 */
public final class SimdKernel implements VectorKernel {

  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() <= FloatVector.SPECIES_512.length()
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;

  private static final int LANES = SPECIES.length();
  private static final int TILE_ROWS = 4 * LANES;
  private static final long ROW_STRIDE = (long) BLOCK_ROWS * Float.BYTES;
  private static final long REGISTER = (long) LANES * Float.BYTES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @Override
  public String name() {
    return "simd-" + SPECIES.vectorBitSize();
  }

  @Override
  public void scoreBlock(
      MemorySegment rows,
      long blockOffset,
      int dimension,
      float[] queries,
      int firstQuery,
      int queryCount,
      float[] scores) {
    int q = 0;
    for (; q + 4 <= queryCount; q += 4) {
      for (int row = 0; row < BLOCK_ROWS; row += TILE_ROWS) {
        long at = blockOffset + (long) row * Float.BYTES;
        int query = (firstQuery + q) * dimension;
        fourQueries(rows, at, dimension, queries, query, scores, q * BLOCK_ROWS + row);
      }
    }
    for (; q < queryCount; q++) {
      for (int row = 0; row < BLOCK_ROWS; row += TILE_ROWS) {
        long at = blockOffset + (long) row * Float.BYTES;
        int query = (firstQuery + q) * dimension;
        oneQuery(rows, at, dimension, queries, query, scores, q * BLOCK_ROWS + row);
      }
    }
  }

  private static void oneQuery(
      MemorySegment rows, long at, int dimension, float[] queries, int q, float[] out, int to) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < dimension; i++) {
      FloatVector value = FloatVector.broadcast(SPECIES, queries[q + i]);
      long row = at + i * ROW_STRIDE;
      s0 = value.fma(load(rows, row), s0);
      s1 = value.fma(load(rows, row + REGISTER), s1);
      s2 = value.fma(load(rows, row + 2 * REGISTER), s2);
      s3 = value.fma(load(rows, row + 3 * REGISTER), s3);
    }
    store(out, to, s0, s1, s2, s3);
  }

  /** Names: {@code sXY} is the sum of query X and row register Y. */
  private static void fourQueries(
      MemorySegment rows, long at, int dimension, float[] queries, int q, float[] out, int to) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero, s01 = zero, s02 = zero, s03 = zero;
    FloatVector s10 = zero, s11 = zero, s12 = zero, s13 = zero;
    FloatVector s20 = zero, s21 = zero, s22 = zero, s23 = zero;
    FloatVector s30 = zero, s31 = zero, s32 = zero, s33 = zero;
    int q1 = q + dimension;
    int q2 = q1 + dimension;
    int q3 = q2 + dimension;
    for (int i = 0; i < dimension; i++) {
      long row = at + i * ROW_STRIDE;
      FloatVector r0 = load(rows, row);
      FloatVector r1 = load(rows, row + REGISTER);
      FloatVector r2 = load(rows, row + 2 * REGISTER);
      FloatVector r3 = load(rows, row + 3 * REGISTER);
      FloatVector v0 = FloatVector.broadcast(SPECIES, queries[q + i]);
      s00 = v0.fma(r0, s00);
      s01 = v0.fma(r1, s01);
      s02 = v0.fma(r2, s02);
      s03 = v0.fma(r3, s03);
      FloatVector v1 = FloatVector.broadcast(SPECIES, queries[q1 + i]);
      s10 = v1.fma(r0, s10);
      s11 = v1.fma(r1, s11);
      s12 = v1.fma(r2, s12);
      s13 = v1.fma(r3, s13);
      FloatVector v2 = FloatVector.broadcast(SPECIES, queries[q2 + i]);
      s20 = v2.fma(r0, s20);
      s21 = v2.fma(r1, s21);
      s22 = v2.fma(r2, s22);
      s23 = v2.fma(r3, s23);
      FloatVector v3 = FloatVector.broadcast(SPECIES, queries[q3 + i]);
      s30 = v3.fma(r0, s30);
      s31 = v3.fma(r1, s31);
      s32 = v3.fma(r2, s32);
      s33 = v3.fma(r3, s33);
    }
    store(out, to, s00, s01, s02, s03);
    store(out, to + BLOCK_ROWS, s10, s11, s12, s13);
    store(out, to + 2 * BLOCK_ROWS, s20, s21, s22, s23);
    store(out, to + 3 * BLOCK_ROWS, s30, s31, s32, s33);
  }

  private static FloatVector load(MemorySegment rows, long at) {
    return FloatVector.fromMemorySegment(SPECIES, rows, at, ORDER);
  }

  private static void store(
      float[] out, int to, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
    s0.intoArray(out, to);
    s1.intoArray(out, to + LANES);
    s2.intoArray(out, to + 2 * LANES);
    s3.intoArray(out, to + 3 * LANES);
  }
}
