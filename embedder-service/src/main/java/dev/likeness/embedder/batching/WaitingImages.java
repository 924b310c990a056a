package dev.likeness.embedder.batching;

import dev.likeness.embedder.batching.BatchingObserver.DropReason;
import dev.likeness.embedder.failure.DeadlinePassedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The first stage: a bounded queue of images that are not decoded yet. Guarded by the batcher's
 * lock.
 */
final class WaitingImages {

  private final int capacity;
  private final OutstandingImages outstanding;
  private final BatchingObserver observer;
  private final LongSupplier nanoClock;
  private final Condition room;
  private final Deque<PendingImage> images = new ArrayDeque<>();

  WaitingImages(
      int capacity,
      OutstandingImages outstanding,
      BatchingObserver observer,
      LongSupplier nanoClock,
      DeferringLock lock) {
    this.capacity = capacity;
    this.outstanding = outstanding;
    this.observer = observer;
    this.nanoClock = nanoClock;
    this.room = lock.newCondition();
  }

  int size() {
    return images.size();
  }

  /** Whether there is no room, even when those whose caller is gone make some. */
  boolean isFull() {
    if (images.size() < capacity) {
      return false;
    }
    images.removeIf(outstanding::dropIfDead);
    return images.size() >= capacity;
  }

  void add(PendingImage image) {
    images.add(image);
  }

  /** Passes over those at the head that nobody waits for; false if none is left then. */
  boolean hasNext() {
    while (!images.isEmpty() && outstanding.dropIfDead(images.getFirst())) {
      next();
    }
    return !images.isEmpty();
  }

  /** The image that waits longest; it leaves the queue. */
  PendingImage next() {
    PendingImage image = images.removeFirst();
    room.signal();
    return image;
  }

  /**
   * Waits until an image leaves. May return although there is no room; the caller looks again. It
   * looks once more when its time is over, too: a signal may have come with it, and would be lost
   * to the others.
   *
   * @throws DeadlinePassedException if the deadline has passed already
   */
  @SuppressWarnings("WaitNotInLoop")
  void awaitRoom(@Nullable Deadline deadline) throws InterruptedException {
    if (deadline == null) {
      room.await();
      return;
    }
    long now = nanoClock.getAsLong();
    if (deadline.passed(now)) {
      observer.dropped(DropReason.DEADLINE);
      throw new DeadlinePassedException();
    }
    var unused = room.awaitNanos(deadline.nanos() - now);
  }

  /** Lets all look again who wait for room. */
  void wakeAll() {
    room.signalAll();
  }
}
