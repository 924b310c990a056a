package dev.likeness.index.collection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * How collections keep their files in order.
 *
 * @param sealBytes length of the logs from which on their rows are sealed in a segment; 1 or more
 * @param threads for sealing, merging and verifying, bounded
 * @param later the same threads, which begin what they are given after a while
 */
public record StorageSettings(long sealBytes, Executor threads, Executor later) {

  /**
   * While a log is being sealed the next one grows; writers wait when it is this many times too
   * long.
   */
  static final int PATIENCE = 4;

  /** Segments of about one size that are merged together. */
  static final int MERGED_SEGMENTS = 4;

  /** Segments of about one size that are put up with while much is written. */
  static final int MERGED_WHEN_BUSY = 4 * MERGED_SEGMENTS;

  /** Merged segments grow up to this many times a sealed log. */
  static final long MAX_GROWTH = 64;

  /** Looks again after a second at what was put off. */
  public StorageSettings(long sealBytes, Executor threads) {
    this(sealBytes, threads, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, threads));
  }

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

  /**
   * Whether so much was written in a second that a merge, which takes a few, would keep the next
   * sealing waiting.
   */
  boolean isBusy(long bytesWritten) {
    return bytesWritten >= sealBytes / 8;
  }

  /** A log of at least this length is worth keeping for the next one. */
  long spareBytes() {
    return Math.ceilDiv(sealBytes, 2);
  }
}
