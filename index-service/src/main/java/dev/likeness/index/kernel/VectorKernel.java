package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Scores of queries against one block of rows.
 *
 * <p>A block holds {@value #BLOCK_ROWS} rows, value by value: float32 {@code [dimension][64]}, so
 * that the lanes of a SIMD register are neighbouring rows and a scan reads memory in one stream.
 *
 * <p>The arithmetic is part of the contract: a score is {@code s = 0; for i in 0..dimension: s =
 * fma(query[i], row[i], s)} in float32. Every pair of query and row has its own accumulator, so the
 * bits of a score do not depend on the kernel, the width of the registers, the other queries of the
 * batch, or where the row lies.
 *
 * <p>Kernels have no state and may be called from any thread.
 */
public sealed interface VectorKernel permits ScalarKernel, SimdKernel {

  /** Four registers of 16 lanes, or eight of 8: the widest tile that one pass keeps busy. */
  int BLOCK_ROWS = 64;

  /** Short name for the log and the metrics. */
  String name();

  /**
   * @param rows memory that holds the block
   * @param blockOffset bytes from the start of {@code rows} to the block, a multiple of 64
   * @param dimension values per row and query, 0 or more
   * @param queries float32 {@code [≥ firstQuery + queryCount][dimension]}
   * @param scores receives float32 {@code [queryCount][64]}
   */
  void scoreBlock(
      MemorySegment rows,
      long blockOffset,
      int dimension,
      float[] queries,
      int firstQuery,
      int queryCount,
      float[] scores);
}
