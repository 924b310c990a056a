package dev.likeness.embedder.batching;

import dev.likeness.embedder.batching.EmbeddedImage.Timing;
import dev.likeness.embedder.failure.InferenceFailedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Embeds a batch and settles each of its images. If the batch as a whole fails, its images are
 * embedded one by one, so that only the one that is to blame fails. Runs on inference threads.
 */
final class IsolatedInference {

  private final BatchEmbedder embedder;
  private final BatchingObserver observer;
  private final LongSupplier nanoClock;

  IsolatedInference(BatchEmbedder embedder, BatchingObserver observer, LongSupplier nanoClock) {
    this.embedder = embedder;
    this.observer = observer;
    this.nanoClock = nanoClock;
  }

  /**
   * @param tensors [batch size][tensorLength]
   * @return nanoseconds it took
   */
  long run(List<PendingImage> batch, float[] tensors) {
    long startedAt = nanoClock.getAsLong();
    try {
      float[][] vectors = embedder.embed(tensors, batch.size());
      long took = nanoClock.getAsLong() - startedAt;
      observer.embedded(batch.size(), took);
      for (int i = 0; i < batch.size(); i++) {
        settle(batch.get(i), vectors[i], startedAt, took / batch.size(), batch.size());
      }
    } catch (Exception | LinkageError | OutOfMemoryError failed) {
      if (batch.size() == 1) {
        fail(
            batch.getFirst(),
            new InferenceFailedException("the network failed on this image", failed));
      } else {
        runOneByOne(batch, tensors);
      }
    }
    return nanoClock.getAsLong() - startedAt;
  }

  private void runOneByOne(List<PendingImage> batch, float[] tensors) {
    int length = embedder.tensorLength();
    for (int i = 0; i < batch.size(); i++) {
      run(List.of(batch.get(i)), Arrays.copyOfRange(tensors, i * length, (i + 1) * length));
    }
  }

  private void settle(
      PendingImage image, float[] vector, long startedAt, long inferenceNanos, int batchSize) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        fail(
            image,
            new InferenceFailedException(
                "the network gives values that are not finite numbers for this image"));
        return;
      }
    }
    long queued = image.queueNanos(startedAt);
    observer.queued(queued);
    image.result.complete(
        new EmbeddedImage(
            vector,
            new Timing(
                Duration.ofNanos(image.decodeNanos()),
                Duration.ofNanos(queued),
                Duration.ofNanos(inferenceNanos),
                batchSize)));
  }

  private void fail(PendingImage image, InferenceFailedException failure) {
    observer.failed(failure);
    image.result.completeExceptionally(failure);
  }
}
