package dev.likeness.index.collection;

import java.util.concurrent.Executor;

/**
 * How collections keep their files in order.
 *
 * @param sealBytes length of the logs from which on their rows are sealed in a segment; 1 or more
 * @param threads for sealing, merging and verifying, bounded
 */
public record StorageSettings(long sealBytes, Executor threads) {

  /**
   * While a log is being sealed the next one grows; writers wait when it is this many times too
   * long.
   */
  static final int PATIENCE = 4;

  /** Segments of about one size that are merged together. */
  static final int MERGED_SEGMENTS = 4;

  /** Merged segments grow up to this many times a sealed log. */
  static final long MAX_GROWTH = 64;

  public StorageSettings {
    if (sealBytes < 1) {
      throw new IllegalArgumentException("sealBytes must be 1 or more, is " + sealBytes);
    }
  }

  /**
   * Whether a log that has filled its file should go on in one that need not grow. Small
   * collections keep small files, and shortly before it is sealed a log grows on.
   */
  boolean isWorthMoving(long logBytes, long roomBytes) {
    return roomBytes == 0 && logBytes >= sealBytes / 8 && logBytes < sealBytes / 2;
  }

  /** A log of at least this length is worth keeping for the next one. */
  long spareBytes() {
    return Math.ceilDiv(sealBytes, 2);
  }
}
