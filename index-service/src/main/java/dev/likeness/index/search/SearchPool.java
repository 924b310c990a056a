package dev.likeness.index.search;

import dev.likeness.index.error.SearchQueueFullException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The fixed platform threads on which all searches compute, with a bounded queue before them. Safe
 * for any thread.
 */
public final class SearchPool implements AutoCloseable {

  private final int threads;
  private final int queueCapacity;
  private final ThreadPoolExecutor executor;
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder shared = new LongAdder();

  /**
   * @param threads 1 or more; one per core is best
   * @param queueCapacity tasks that may wait, 1 or more
   */
  public SearchPool(int threads, int queueCapacity) {
    this.threads = threads;
    this.queueCapacity = queueCapacity;
    AtomicInteger number = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          Thread thread = new Thread(task, "index-search-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueCapacity),
            factory);
  }

  /**
   * Starts {@code work} on up to {@code wanted} threads. One is enough to finish it, the others
   * help when the queue has room.
   *
   * @throws SearchQueueFullException if not even one finds a place
   */
  void start(int wanted, Runnable work) {
    for (int i = 0; i < Math.clamp(wanted, 1, threads); i++) {
      try {
        executor.execute(work);
      } catch (RejectedExecutionException e) {
        if (i == 0) {
          throw new SearchQueueFullException(queueCapacity);
        }
        return;
      }
    }
  }

  /**
   * Counts one that will wait for a scan under way, until it calls {@link #leaveQueue}.
   *
   * @throws SearchQueueFullException if as many wait as the queue holds
   */
  void enterQueue() {
    if (waiting.incrementAndGet() > queueCapacity) {
      waiting.decrementAndGet();
      throw new SearchQueueFullException(queueCapacity);
    }
  }

  void leaveQueue() {
    waiting.decrementAndGet();
  }

  /** Counts requests that were answered by the scan of another one. */
  void countShared(int requests) {
    shared.add(requests);
  }

  /** Tasks that wait for a thread, and requests that wait for a scan under way. */
  public int queuedCount() {
    return executor.getQueue().size() + waiting.get();
  }

  /** Requests that were answered by the scan of another one so far. */
  public long sharedCount() {
    return shared.sum();
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
