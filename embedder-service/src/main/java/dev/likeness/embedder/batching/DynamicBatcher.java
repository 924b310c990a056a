package dev.likeness.embedder.batching;

import dev.likeness.embedder.batching.BatchingObserver.DropReason;
import dev.likeness.embedder.failure.DeadlinePassedException;
import dev.likeness.embedder.failure.QueueFullException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes images of many callers through three stages: <b>waiting</b> (bounded queue),
 * <b>decoding</b> (as many as there are tensors), <b>ready</b> (joined to a batch as soon as an
 * inference thread is free). While inference is busy, batches grow by themselves; an image that
 * nobody else is on the way to join never waits for company.
 *
 * <p>Images whose caller is gone or whose deadline has passed are skipped at the beginning of each
 * stage. Safe for use by many threads; all fields below the lock are guarded by it, and callers'
 * code is never called while it is held.
 */
public final class DynamicBatcher {

  /** Before anything was measured. */
  private static final double ASSUMED_IMAGE_NANOS = 20e6;

  private final ImagePreparer preparer;
  private final BatchEmbedder embedder;
  private final BatchingLimits limits;
  private final BatchingThreads threads;
  private final BatchingObserver observer;
  private final IsolatedInference inference;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<PendingImage> waiting = new ArrayDeque<>();
  private final ArrayDeque<PendingImage> ready = new ArrayDeque<>();
  private final TensorBuffers tensors;
  private final TensorBuffers batches;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private int decoding;
  private int scheduledRuns;
  private int activeRuns;
  private int unsettled;
  private boolean timerArmed;
  private boolean retired;
  private double imageNanos = ASSUMED_IMAGE_NANOS;

  /** The batcher owns the embedder: it closes it after {@link #retire}. */
  public DynamicBatcher(
      ImagePreparer preparer,
      BatchEmbedder embedder,
      BatchingLimits limits,
      BatchingThreads threads,
      BatchingObserver observer) {
    this.preparer = preparer;
    this.embedder = embedder;
    this.limits = limits;
    this.threads = threads;
    this.observer = observer;
    this.inference = new IsolatedInference(embedder, observer, threads.nanoClock());
    this.tensors = new TensorBuffers(embedder.tensorLength(), limits.preparedImages());
    this.batches =
        new TensorBuffers(embedder.tensorLength() * limits.maxBatch(), limits.concurrentBatches());
  }

  /**
   * Queues an image. Cancelling the future skips the image if its inference has not begun.
   *
   * @return empty if this batcher is retired, so that the caller takes its successor
   * @throws QueueFullException if too many images wait already
   */
  public Optional<CompletableFuture<EmbeddedImage>> submit(
      byte[] image, @Nullable Deadline deadline) {
    List<Runnable> actions = new ArrayList<>();
    lock.lock();
    try {
      if (retired) {
        return Optional.empty();
      }
      if (isFull(actions)) {
        observer.refused();
        throw new QueueFullException(limits.queueCapacity(), expectedWait());
      }
      return Optional.of(admit(image, deadline, actions));
    } finally {
      lock.unlock();
      actions.forEach(Runnable::run);
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
    List<Runnable> actions = new ArrayList<>();
    lock.lockInterruptibly();
    try {
      while (!retired && isFull(actions)) {
        awaitRoom(deadline);
      }
      return retired ? Optional.empty() : Optional.of(admit(image, deadline, actions));
    } finally {
      lock.unlock();
      actions.forEach(Runnable::run);
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
    List<Runnable> actions = new ArrayList<>();
    lock.lock();
    try {
      if (!retired) {
        retired = true;
        room.signalAll();
        closeWhenDrained(actions);
      }
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
    return closed.copy();
  }

  private CompletableFuture<EmbeddedImage> admit(
      byte[] image, @Nullable Deadline deadline, List<Runnable> actions) {
    PendingImage pending = new PendingImage(image, deadline, now());
    unsettled++;
    waiting.add(pending);
    plan(actions);
    return pending.result;
  }

  private boolean isFull(List<Runnable> actions) {
    if (waiting.size() < limits.queueCapacity()) {
      return false;
    }
    for (Iterator<PendingImage> images = waiting.iterator(); images.hasNext(); ) {
      if (dropIfDead(images.next(), actions)) {
        images.remove();
      }
    }
    return waiting.size() >= limits.queueCapacity();
  }

  /**
   * May return although there is no room; the caller looks again. It looks once more when its time
   * is over, too: a signal may have come with it, and would be lost to the others.
   */
  @SuppressWarnings("WaitNotInLoop")
  private void awaitRoom(@Nullable Deadline deadline) throws InterruptedException {
    if (deadline == null) {
      room.await();
    } else if (deadline.passed(now())) {
      observer.dropped(DropReason.DEADLINE);
      throw new DeadlinePassedException();
    } else {
      var unused = room.awaitNanos(deadline.nanos() - now());
    }
  }

  private Duration expectedWait() {
    double nanos = imageNanos * limits.queueCapacity() / limits.concurrentBatches();
    return Duration.ofMillis(Math.clamp((long) (nanos / 1e6), 50, 5_000));
  }

  /** Does whatever has become possible. */
  private void advance() {
    List<Runnable> actions = new ArrayList<>();
    lock.lock();
    try {
      plan(actions);
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
  }

  private void plan(List<Runnable> actions) {
    planDecoding(actions);
    while (scheduledRuns + activeRuns < limits.concurrentBatches()
        && ready.size() > scheduledRuns
        && mayStartBatch(actions)) {
      scheduledRuns++;
      actions.add(() -> threads.inference().execute(this::runBatch));
    }
  }

  private void planDecoding(List<Runnable> actions) {
    while (!waiting.isEmpty()) {
      if (dropIfDead(waiting.getFirst(), actions)) {
        waiting.removeFirst();
        room.signal();
        continue;
      }
      float[] tensor = tensors.tryTake();
      if (tensor == null) {
        return;
      }
      PendingImage image = waiting.removeFirst();
      room.signal();
      image.tensor = tensor;
      decoding++;
      actions.add(() -> threads.decoding().execute(() -> decode(image, tensor)));
    }
  }

  private boolean mayStartBatch(List<Runnable> actions) {
    boolean nobodyToWaitFor = waiting.isEmpty() && decoding == 0;
    if (nobodyToWaitFor || limits.maxDelay().isZero() || ready.size() >= limits.maxBatch()) {
      return true;
    }
    long left = limits.maxDelay().toNanos() - (now() - ready.getFirst().readyAt);
    if (left <= 0) {
      return true;
    }
    if (!timerArmed) {
      timerArmed = true;
      actions.add(() -> threads.timer().after(Duration.ofNanos(left), this::delayElapsed));
    }
    return false;
  }

  private void delayElapsed() {
    lock.lock();
    try {
      timerArmed = false;
    } finally {
      lock.unlock();
    }
    advance();
  }

  private void decode(PendingImage image, float[] tensor) {
    image.decodeStartedAt = now();
    Throwable failure = image.isDead(image.decodeStartedAt) ? null : prepare(image, tensor);
    image.readyAt = now();
    List<Runnable> actions = new ArrayList<>();
    lock.lock();
    try {
      decoding--;
      if (failure != null) {
        tensors.giveBack(tensor);
        settle(actions, () -> image.result.completeExceptionally(failure));
      } else if (dropIfDead(image, actions)) {
        tensors.giveBack(tensor);
      } else {
        ready.add(image);
      }
      plan(actions);
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
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
    List<Runnable> actions = new ArrayList<>();
    List<PendingImage> batch;
    float[] input;
    lock.lock();
    try {
      batch = takeBatch(actions);
      input = batch.isEmpty() ? null : join(batch);
      activeRuns += batch.isEmpty() ? 0 : 1;
      plan(actions);
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
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
  private List<PendingImage> takeBatch(List<Runnable> actions) {
    int share = Math.min(limits.maxBatch(), Math.ceilDiv(ready.size(), scheduledRuns));
    scheduledRuns--;
    List<PendingImage> batch = new ArrayList<>(share);
    while (batch.size() < share && !ready.isEmpty()) {
      PendingImage image = ready.removeFirst();
      if (dropIfDead(image, actions)) {
        tensors.giveBack(image.takeTensor());
      } else {
        batch.add(image);
      }
    }
    return batch;
  }

  /** One image is used where it lies; more are copied side by side, which frees their tensors. */
  private float[] join(List<PendingImage> batch) {
    if (batch.size() == 1) {
      return batch.getFirst().takeTensor();
    }
    // as many as there are concurrent batches, so one is free
    float[] joined = Objects.requireNonNull(batches.tryTake());
    int length = embedder.tensorLength();
    for (int i = 0; i < batch.size(); i++) {
      float[] tensor = batch.get(i).takeTensor();
      System.arraycopy(tensor, 0, joined, i * length, length);
      tensors.giveBack(tensor);
    }
    return joined;
  }

  private void finishBatch(List<PendingImage> batch, float[] input, long took) {
    List<Runnable> actions = new ArrayList<>();
    lock.lock();
    try {
      (batch.size() == 1 ? tensors : batches).giveBack(input);
      activeRuns--;
      imageNanos += (took / (double) batch.size() - imageNanos) * 0.1;
      unsettled -= batch.size();
      closeWhenDrained(actions);
      plan(actions);
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
  }

  private boolean dropIfDead(PendingImage image, List<Runnable> actions) {
    if (!image.isDead(now())) {
      return false;
    }
    observer.dropped(image.result.isDone() ? DropReason.CANCELLED : DropReason.DEADLINE);
    settle(actions, () -> image.result.completeExceptionally(new DeadlinePassedException()));
    return true;
  }

  private void settle(List<Runnable> actions, Runnable outcome) {
    unsettled--;
    actions.add(outcome);
    closeWhenDrained(actions);
  }

  private void closeWhenDrained(List<Runnable> actions) {
    if (retired && unsettled == 0) {
      actions.add(this::close);
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

  private long now() {
    return threads.nanoClock().getAsLong();
  }
}
