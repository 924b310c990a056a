package dev.likeness.embedder.batching;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a batcher: tensors of single images, and of batches that are joined of them.
 * Guarded by the batcher's lock.
 */
final class BatchTensors {

  private final int length;
  private final TensorBuffers images;
  private final TensorBuffers batches;

  /**
   * @param length floats of one image
   */
  BatchTensors(int length, BatchingLimits limits) {
    this.length = length;
    images = new TensorBuffers(length, limits.preparedImages());
    batches = new TensorBuffers(length * limits.maxBatch(), limits.concurrentBatches());
  }

  /** Of one image, with old contents, or null if all are in use. */
  float @Nullable [] tryTake() {
    return images.tryTake();
  }

  void giveBack(float[] tensor) {
    images.giveBack(tensor);
  }

  /**
   * The tensor of a batch, at least one image. One image is used where it lies; more are copied
   * side by side, which frees their tensors.
   */
  float[] join(List<PendingImage> batch) {
    if (batch.size() == 1) {
      return batch.getFirst().takeTensor();
    }
    // as many as there are concurrent batches, so one is free
    float[] joined = Objects.requireNonNull(batches.tryTake());
    for (int i = 0; i < batch.size(); i++) {
      float[] tensor = batch.get(i).takeTensor();
      System.arraycopy(tensor, 0, joined, i * length, length);
      images.giveBack(tensor);
    }
    return joined;
  }

  /** Ends the use of what {@link #join} gave for this batch. */
  void giveBack(List<PendingImage> batch, float[] joined) {
    (batch.size() == 1 ? images : batches).giveBack(joined);
  }
}
