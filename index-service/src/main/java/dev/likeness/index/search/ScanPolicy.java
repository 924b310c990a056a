package dev.likeness.index.search;

/**
 * When codes are scanned before values, and whether query by query or as a product of matrices.
 *
 * @param maxQueries of one request that are scanned one after the other. A scan of values answers a
 *     whole register of queries in the time of one, so several scans of codes soon cost more
 * @param minRows below it all scans are over before the difference can be measured
 * @param mostShare of the rows may be left to score by their values before the scan of codes is
 *     given up
 * @param minProductQueries from here on codes are multiplied, where there is a product
 * @param rowsPerNeighbor a product leaves several rows to score by values for each neighbor wanted,
 *     so that there must be so many rows for each
 * @param mostProductShare as mostShare, for products
 */
record ScanPolicy(
    int maxQueries,
    int minRows,
    double mostShare,
    int minProductQueries,
    int rowsPerNeighbor,
    double mostProductShare) {

  static final ScanPolicy DEFAULT = new ScanPolicy(3, 4096, 0.05, 2, 256, 0.01);

  /** More candidates than this take too much memory: eight bytes each, per thread. */
  private static final long MOST_CANDIDATES = 4_000_000;

  /** Without products. */
  ScanPolicy(int maxQueries, int minRows, double mostShare) {
    this(maxQueries, minRows, mostShare, Integer.MAX_VALUE, 0, 0);
  }

  boolean usesCodes(int queryCount, int rowCount, int k) {
    return queryCount <= maxQueries && rowCount >= minRows && k <= Math.max(1, rowCount / 16);
  }

  boolean usesProduct(int queryCount, int rowCount, int k) {
    return queryCount >= minProductQueries
        && rowCount >= minRows
        && (long) k * rowsPerNeighbor <= rowCount;
  }

  /**
   * Whether the allowed rows are picked one by one: when reading their values is less than reading
   * the codes of all.
   */
  static boolean picksRows(int allowedCount, int rowCount) {
    return allowedCount < rowCount / Float.BYTES;
  }

  /** Candidates that a thread may have after {@code scanned} rows. */
  long mostCandidates(int k, long scanned) {
    return 512 + 8L * k + (long) (mostShare * scanned);
  }

  /** Candidates that a thread may have for all queries after {@code scanned} rows. */
  long mostProductCandidates(int k, long scanned, int queryCount) {
    return Math.min(
        MOST_CANDIDATES, queryCount * (128 + 8L * k + (long) (mostProductShare * scanned)));
  }
}
