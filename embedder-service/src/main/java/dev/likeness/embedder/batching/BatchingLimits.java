package dev.likeness.embedder.batching;

import java.time.Duration;

/**
 * How much may wait and be joined.
 *
 * @param queueCapacity images that may wait to be decoded, positive
 * @param maxBatch images per inference, positive; 1 for networks whose vectors depend on neighbours
 * @param maxDelay how long a ready image waits for others that are being decoded; 0 for not at all
 * @param concurrentBatches inferences at a time, positive
 * @param preparedImages tensors that exist at a time, at least 1: the bound of the memory
 */
public record BatchingLimits(
    int queueCapacity, int maxBatch, Duration maxDelay, int concurrentBatches, int preparedImages) {

  public BatchingLimits {
    if (queueCapacity < 1 || maxBatch < 1 || concurrentBatches < 1 || preparedImages < 1) {
      throw new IllegalArgumentException(
          "queue capacity, batch, concurrent batches and prepared images must be positive, got %d, %d, %d, %d"
              .formatted(queueCapacity, maxBatch, concurrentBatches, preparedImages));
    }
    if (maxDelay.isNegative()) {
      throw new IllegalArgumentException("the delay must not be negative, got " + maxDelay);
    }
  }

  /** The same for a network that takes one image at a time. */
  public BatchingLimits oneByOne() {
    return new BatchingLimits(queueCapacity, 1, Duration.ZERO, concurrentBatches, preparedImages);
  }
}
