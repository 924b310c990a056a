package dev.likeness.embedder.batching;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last stage before inference: images that are decoded, and whether they still wait for others
 * to join them. Guarded by the batcher's lock.
 */
final class ReadyImages {

  private final BatchingLimits limits;
  private final BatchingThreads threads;
  private final OutstandingImages outstanding;
  private final BatchTensors tensors;
  private final DeferringLock lock;
  private final Runnable delayElapsed;
  private final Deque<PendingImage> images = new ArrayDeque<>();
  private boolean timerArmed;

  /**
   * @param delayElapsed called without the lock when images may have waited long enough; calls
   *     {@link #disarm}
   */
  ReadyImages(
      BatchingLimits limits,
      BatchingThreads threads,
      OutstandingImages outstanding,
      BatchTensors tensors,
      DeferringLock lock,
      Runnable delayElapsed) {
    this.limits = limits;
    this.threads = threads;
    this.outstanding = outstanding;
    this.tensors = tensors;
    this.lock = lock;
    this.delayElapsed = delayElapsed;
  }

  int size() {
    return images.size();
  }

  void add(PendingImage image) {
    images.add(image);
  }

  /**
   * Whether a batch may begin; if not, a timer tells when to ask again. There is an image.
   *
   * @param othersAreComing whether images are on their way to this stage
   */
  boolean mayLeave(boolean othersAreComing) {
    if (!othersAreComing || limits.maxDelay().isZero() || images.size() >= limits.maxBatch()) {
      return true;
    }
    long waited = threads.nanoClock().getAsLong() - images.getFirst().readyAt;
    long left = limits.maxDelay().toNanos() - waited;
    if (left > 0 && !timerArmed) {
      timerArmed = true;
      lock.defer(() -> threads.timer().after(Duration.ofNanos(left), delayElapsed));
    }
    return left <= 0;
  }

  /** The timer has told. */
  void disarm() {
    timerArmed = false;
  }

  /** Takes those out that were ready first and somebody waits for, at most so many. */
  List<PendingImage> take(int most) {
    List<PendingImage> taken = new ArrayList<>(most);
    while (taken.size() < most && !images.isEmpty()) {
      PendingImage image = images.removeFirst();
      if (outstanding.dropIfDead(image)) {
        tensors.giveBack(image.takeTensor());
      } else {
        taken.add(image);
      }
    }
    return taken;
  }
}
