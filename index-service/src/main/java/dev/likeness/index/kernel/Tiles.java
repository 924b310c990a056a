package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Register tiles of one register width. One class per width, since the compiler makes vector code
 * only where the species is a constant.
 */
sealed interface Tiles permits Tiles512, Tiles256 {

  /** Queries per register. */
  int lanes();

  /** Rows of the wide tile. */
  int groupRows();

  /**
   * Two registers of queries against groups of rows.
   *
   * @param grouped float32 [rows / group][dimension][group]
   */
  void wide(float[] grouped, int rowCount, int dimension, QueryPanel panel, Hits hits);

  /**
   * One register of queries against rows.
   *
   * @param tile float32 [rows][dimension]
   */
  void narrow(float[] tile, int rowCount, int dimension, QueryPanel panel, Hits hits);

  /** See {@link VectorKernel#scoreCodes}. */
  void codes(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int stride,
      float[] sums,
      int at);

  /** See {@link VectorKernel#largest}. */
  float largest(float[] values);

  /** See {@link VectorKernel#encode}. */
  float encode(float[] values, float factor, byte[] codes);
}
