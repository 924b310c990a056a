package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Scores of queries against rows that lie one after the other: float32 {@code [rows][dimension]}.
 *
 * <p>The arithmetic is part of the contract: a score is {@code s = 0; for i in 0..dimension: s =
 * fma(query[i], row[i], s)} in float32. Every pair of query and row has its own accumulator, so the
 * bits of a score do not depend on the kernel, the width of the registers, the other queries of the
 * batch, or where the row lies. The lanes of a SIMD register are therefore queries ({@link
 * QueryPanel}), and one pass costs the same for one query as for a panel full of them.
 *
 * <p>Scores of codes ({@link #scoreCodes}) are sums in any order: they are used with a bound of
 * their error.
 *
 * <p>Kernels have no state and may be called from any thread.
 */
public sealed interface VectorKernel permits ScalarKernel, SimdKernel {

  /**
   * Rows per call: 192 rows of 512 values are 384 KiB and stay in the second-level cache while all
   * panels meet them.
   */
  int BLOCK_ROWS = 192;

  /** A multiple of the rows of every tile. */
  int TILE_STEP = 48;

  /** The length of a row of codes is a multiple of this. */
  int CODE_GRANULE = 16;

  /** Short name for the log and the metrics. */
  String name();

  /** Queries of a wide panel: two registers, for large batches. */
  int wideWidth();

  /** Queries of a narrow panel: one register, for what is left. */
  int narrowWidth();

  /** Rows that a wide panel meets at once. */
  int groupRows();

  /**
   * Scores a panel against a block of rows.
   *
   * @param panel of {@link #wideWidth} or {@link #narrowWidth}
   * @param hits receives the pairs that reach the threshold
   */
  void scoreTile(RowTile tile, QueryPanel panel, Hits hits);

  /**
   * Sums of products of one query with four rows of codes.
   *
   * @param query float32 [stride], zero behind the dimension
   * @param offset0 bytes to the codes of the first row: int8 [stride]
   * @param stride a multiple of {@value #CODE_GRANULE}
   * @param sums receives four sums at {@code at}
   */
  void scoreCodes(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int stride,
      float[] sums,
      int at);

  /**
   * Sums of products of one query with the first {@code count} rows of a block. The sums are
   * integers, and so the same from every kernel.
   *
   * @param query of the same stride
   * @param sums receives {@code count} sums
   */
  void scoreCodes(CodedQuery query, CodedBlock block, int count, int[] sums);

  /** Products of codes of many rows with many queries, where there is a quick way. */
  Optional<CodeProduct> product();

  /**
   * Which sums of one row, scaled, are not below their threshold: {@code (float) sum · scale >=
   * threshold}.
   *
   * @param sums int32 [lanes] from {@code offset} on, native order
   * @param lanes a multiple of {@link CodeProduct#LANE_STEP}
   * @param thresholds float32 [lanes]; infinity for lanes without a query
   * @param reached receives the lanes, ascending
   * @return how many they are
   */
  int reached(
      MemorySegment sums, long offset, int lanes, float scale, float[] thresholds, int[] reached);

  /** The largest magnitude among {@code values}. */
  float largest(float[] values);

  /**
   * Rounds the values of a row to codes.
   *
   * @param values float32 [dimension]
   * @param factor brings every value to -127 to 127
   * @param codes receives int8 [dimension]: the integers nearest to {@code values · factor}
   * @return the sum of the squares of what rounding left of {@code values · factor}, summed in any
   *     order
   */
  float encode(float[] values, float factor, byte[] codes);

  /**
   * The sum of the squares of codes.
   *
   * @param codes int8, at most 4096
   */
  int squares(byte[] codes);
}
