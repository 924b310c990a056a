package dev.likeness.embedder.batching;

import dev.likeness.embedder.batching.BatchingObserver.DropReason;
import dev.likeness.embedder.failure.DeadlinePassedException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Images that were admitted and have no result yet. When a retired batcher has none left, its
 * embedder is closed. Guarded by the batcher's lock.
 */
final class OutstandingImages {

  private final BatchEmbedder embedder;
  private final BatchingObserver observer;
  private final LongSupplier nanoClock;
  private final DeferringLock lock;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private int count;
  private boolean retired;

  OutstandingImages(
      BatchEmbedder embedder,
      BatchingObserver observer,
      LongSupplier nanoClock,
      DeferringLock lock) {
    this.embedder = embedder;
    this.observer = observer;
    this.nanoClock = nanoClock;
    this.lock = lock;
  }

  /** One more. */
  void admit() {
    count++;
  }

  /** One has its result as soon as the lock is free. */
  void settle(Runnable outcome) {
    lock.defer(outcome);
    settled(1);
  }

  /** So many have their results. */
  void settled(int images) {
    count -= images;
    closeWhenDrained();
  }

  /** Settles an image that nobody waits for any more; false if somebody does. */
  boolean dropIfDead(PendingImage image) {
    if (!image.isDead(nanoClock.getAsLong())) {
      return false;
    }
    observer.dropped(image.result.isDone() ? DropReason.CANCELLED : DropReason.DEADLINE);
    settle(() -> image.result.completeExceptionally(new DeadlinePassedException()));
    return true;
  }

  boolean isRetired() {
    return retired;
  }

  /** No more are admitted. */
  void retire() {
    if (!retired) {
      retired = true;
      closeWhenDrained();
    }
  }

  /** Completed when the embedder is closed. Needs no lock. */
  CompletableFuture<Void> closed() {
    return closed.copy();
  }

  private void closeWhenDrained() {
    if (retired && count == 0) {
      lock.defer(this::close);
    }
  }

  private void close() {
    try {
      embedder.close();
      closed.complete(null);
    } catch (RuntimeException failed) {
      closed.completeExceptionally(failed);
    }
  }
}
