package dev.likeness.embedder.batching;

import java.time.Duration;

/** How long an image takes in inference, as lately measured. Guarded by the batcher's lock. */
final class InferencePace {

  /** Before anything was measured. */
  private static final double ASSUMED_IMAGE_NANOS = 20e6;

  /** What a batch counts for beside all earlier ones. */
  private static final double NEWEST_SHARE = 0.1;

  private double imageNanos = ASSUMED_IMAGE_NANOS;

  void measured(long batchNanos, int batchSize) {
    imageNanos += (batchNanos / (double) batchSize - imageNanos) * NEWEST_SHARE;
  }

  /** After which time so many images will be done, from 50 ms to 5 s. */
  Duration timeFor(int images, int concurrentBatches) {
    double nanos = imageNanos * images / concurrentBatches;
    return Duration.ofMillis(Math.clamp((long) (nanos / 1e6), 50, 5_000));
  }
}
