package dev.likeness.embedder.batching;

import dev.likeness.embedder.failure.DeadlinePassedException;
import dev.likeness.embedder.failure.QueueFullException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes images of many callers through three stages: <b>waiting</b> (bounded queue, {@link
 * WaitingImages}), <b>decoding</b> (as many as there are tensors), <b>ready</b> (joined to a batch
 * as soon as an inference thread is free, {@link ReadyImages}). While inference is busy, batches
 * grow by themselves; an image that nobody else is on the way to join never waits for company.
 *
 * <p>Images whose caller is gone or whose deadline has passed are skipped at the beginning of each
 * stage ({@link OutstandingImages}). Safe for use by many threads; all fields below the lock, and
 * the parts they stand for, are guarded by it. What calls others' code is put off until it is free
 * ({@link DeferringLock}).
 */
public final class DynamicBatcher {

  private final ImagePreparer preparer;
  private final BatchingLimits limits;
  private final BatchingThreads threads;
  private final BatchingObserver observer;
  private final IsolatedInference inference;

  private final DeferringLock lock = new DeferringLock();
  private final OutstandingImages outstanding;
  private final WaitingImages waiting;
  private final ReadyImages ready;
  private final BatchTensors tensors;
  private final InferencePace pace = new InferencePace();
  private int decoding;
  private int scheduledRuns;
  private int activeRuns;

  /** The batcher owns the embedder: it closes it after {@link #retire}. */
  public DynamicBatcher(
      ImagePreparer preparer,
      BatchEmbedder embedder,
      BatchingLimits limits,
      BatchingThreads threads,
      BatchingObserver observer) {
    this.preparer = preparer;
    this.limits = limits;
    this.threads = threads;
    this.observer = observer;
    inference = new IsolatedInference(embedder, observer, threads.nanoClock());
    tensors = new BatchTensors(embedder.tensorLength(), limits);
    outstanding = new OutstandingImages(embedder, observer, threads.nanoClock(), lock);
    waiting =
        new WaitingImages(limits.queueCapacity(), outstanding, observer, threads.nanoClock(), lock);
    ready = new ReadyImages(limits, threads, outstanding, tensors, lock, this::delayElapsed);
  }

  /**
   * Queues an image. Cancelling the future skips the image if its inference has not begun.
   *
   * @return empty if this batcher is retired, so that the caller takes its successor
   * @throws QueueFullException if too many images wait already
   */
  public Optional<CompletableFuture<EmbeddedImage>> submit(
      byte[] image, @Nullable Deadline deadline) {
    lock.lock();
    try {
      if (outstanding.isRetired()) {
        return Optional.empty();
      }
      if (waiting.isFull()) {
        observer.refused();
        int capacity = limits.queueCapacity();
        throw new QueueFullException(capacity, pace.timeFor(capacity, limits.concurrentBatches()));
      }
      return Optional.of(admit(image, deadline));
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #submit}, but waits for room instead of refusing: for callers that can be slowed
   * down.
   *
   * @throws DeadlinePassedException if there was no room in time
   */
  public Optional<CompletableFuture<EmbeddedImage>> submitWhenRoom(
      byte[] image, @Nullable Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!outstanding.isRetired() && waiting.isFull()) {
        waiting.awaitRoom(deadline);
      }
      return outstanding.isRetired() ? Optional.empty() : Optional.of(admit(image, deadline));
    } finally {
      lock.unlock();
    }
  }

  /** Images that wait to be decoded. */
  public int waitingCount() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes no more images, finishes those it has, then closes the embedder.
   *
   * @return completed when the embedder is closed
   */
  public CompletableFuture<Void> retire() {
    lock.lock();
    try {
      outstanding.retire();
      waiting.wakeAll();
    } finally {
      lock.unlock();
    }
    return outstanding.closed();
  }

  private CompletableFuture<EmbeddedImage> admit(byte[] image, @Nullable Deadline deadline) {
    PendingImage pending = new PendingImage(image, deadline, now());
    outstanding.admit();
    waiting.add(pending);
    plan();
    return pending.result;
  }

  /** Has done whatever has become possible. */
  private void plan() {
    planDecoding();
    while (scheduledRuns + activeRuns < limits.concurrentBatches()
        && ready.size() > scheduledRuns
        && ready.mayLeave(waiting.size() + decoding > 0)) {
      scheduledRuns++;
      lock.defer(() -> threads.inference().execute(this::runBatch));
    }
  }

  private void planDecoding() {
    while (waiting.hasNext()) {
      float[] tensor = tensors.tryTake();
      if (tensor == null) {
        return;
      }
      PendingImage image = waiting.next();
      image.tensor = tensor;
      decoding++;
      lock.defer(() -> threads.decoding().execute(() -> decode(image, tensor)));
    }
  }

  private void delayElapsed() {
    lock.lock();
    try {
      ready.disarm();
      plan();
    } finally {
      lock.unlock();
    }
  }

  private void decode(PendingImage image, float[] tensor) {
    image.decodeStartedAt = now();
    Throwable failure = image.isDead(image.decodeStartedAt) ? null : prepare(image, tensor);
    image.readyAt = now();
    lock.lock();
    try {
      decoding--;
      if (failure != null) {
        tensors.giveBack(tensor);
        outstanding.settle(() -> image.result.completeExceptionally(failure));
      } else if (outstanding.dropIfDead(image)) {
        tensors.giveBack(tensor);
      } else {
        ready.add(image);
      }
      plan();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Throwable prepare(PendingImage image, float[] tensor) {
    try {
      preparer.prepare(image.bytes, tensor);
      observer.decoded(now() - image.decodeStartedAt);
      return null;
    } catch (Exception | LinkageError | OutOfMemoryError failure) {
      observer.failed(failure);
      return failure;
    }
  }

  private void runBatch() {
    List<PendingImage> batch;
    float[] input;
    lock.lock();
    try {
      batch = takeBatch();
      input = batch.isEmpty() ? null : tensors.join(batch);
      activeRuns += batch.isEmpty() ? 0 : 1;
      plan();
    } finally {
      lock.unlock();
    }
    if (input == null) {
      return;
    }
    try {
      long took = inference.run(batch, input);
      finishBatch(batch, input, took);
    } catch (RuntimeException | Error unexpected) {
      batch.forEach(image -> image.result.completeExceptionally(unexpected));
      finishBatch(batch, input, 0);
    }
  }

  /** The runs that were scheduled and have not begun share what is ready. */
  private List<PendingImage> takeBatch() {
    int share = Math.min(limits.maxBatch(), Math.ceilDiv(ready.size(), scheduledRuns));
    scheduledRuns--;
    return ready.take(share);
  }

  private void finishBatch(List<PendingImage> batch, float[] input, long took) {
    lock.lock();
    try {
      tensors.giveBack(batch, input);
      activeRuns--;
      pace.measured(took, batch.size());
      outstanding.settled(batch.size());
      plan();
    } finally {
      lock.unlock();
    }
  }

  private long now() {
    return threads.nanoClock().getAsLong();
  }
}
