package dev.likeness.index.search;

import dev.likeness.index.error.SearchQueueFullException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The fixed platform threads on which all searches compute, with a bounded queue before them. Safe
 * for any thread.
 */
public final class SearchPool implements AutoCloseable {

  private final int threads;
  private final int queueCapacity;
  private final ThreadPoolExecutor executor;

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

  /** Tasks that wait for a thread now. */
  public int queuedCount() {
    return executor.getQueue().size();
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
