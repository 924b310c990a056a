package dev.likeness.embedder.batching;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An image on its way through a batcher. Owned by one thread at a time; handed on under the
 * batcher's lock.
 */
final class PendingImage {

  final byte[] bytes;
  final @Nullable Deadline deadline;
  final CompletableFuture<EmbeddedImage> result = new CompletableFuture<>();
  final long admittedAt;

  long decodeStartedAt;
  long readyAt;
  float @Nullable [] tensor;

  PendingImage(byte[] bytes, @Nullable Deadline deadline, long admittedAt) {
    this.bytes = bytes;
    this.deadline = deadline;
    this.admittedAt = admittedAt;
  }

  /** The tensor, which from now on belongs to the caller. */
  float[] takeTensor() {
    float[] taken = Objects.requireNonNull(tensor);
    tensor = null;
    return taken;
  }

  /** Whether nobody waits for it any more. */
  boolean isDead(long now) {
    return result.isDone() || (deadline != null && deadline.passed(now));
  }

  long decodeNanos() {
    return readyAt - decodeStartedAt;
  }

  long queueNanos(long inferenceStartedAt) {
    return (decodeStartedAt - admittedAt) + (inferenceStartedAt - readyAt);
  }
}
