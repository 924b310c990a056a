package dev.likeness.index.search;

/**
 * When codes are scanned before values.
 *
 * @param maxQueries of one request. A scan of values answers a whole register of queries in the
 *     time of one, so several scans of codes soon cost more
 * @param minRows below it both scans are over before the difference can be measured
 * @param mostShare of the rows may be left to score by their values before the scan of codes is
 *     given up
 */
record ScanPolicy(int maxQueries, int minRows, double mostShare) {

  static final ScanPolicy DEFAULT = new ScanPolicy(3, 4096, 0.05);

  boolean usesCodes(int queryCount, int rowCount, int k) {
    return queryCount <= maxQueries && rowCount >= minRows && k <= Math.max(1, rowCount / 16);
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
}
