package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reference: the contract of {@link VectorKernel} as plain loops. */
public final class ScalarKernel implements VectorKernel {

  @Override
  public String name() {
    return "scalar";
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
    for (int q = 0; q < queryCount; q++) {
      int query = (firstQuery + q) * dimension;
      for (int row = 0; row < BLOCK_ROWS; row++) {
        float score = 0;
        for (int i = 0; i < dimension; i++) {
          long at = blockOffset + ((long) i * BLOCK_ROWS + row) * Float.BYTES;
          score = Math.fma(queries[query + i], rows.get(ValueLayout.JAVA_FLOAT, at), score);
        }
        scores[q * BLOCK_ROWS + row] = score;
      }
    }
  }
}
