package dev.likeness.index.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** The fixed platform threads on which graphs are built. For one builder at a time. */
public final class BuildThreads implements AutoCloseable {

  /** What one of the threads does with one of many items. */
  interface Work {
    void run(int worker, int item);
  }

  /** Items taken at once: few enough that all threads end at about the same time. */
  private static final int STEP = 8;

  private final int count;
  private final ExecutorService threads;
  private final ExecutorService jobs;

  /**
   * @param count 1 or more
   */
  public BuildThreads(int count) {
    this.count = count;
    jobs =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("index-graph-jobs").unstarted(task));
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "index-graph-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Runs a job that builds graphs, one after the other. */
  public void queue(Runnable job) {
    jobs.execute(job);
  }

  int count() {
    return count;
  }

  /** Returns when every item was worked on. Workers are numbered from 0. */
  void run(int items, Work work) {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int w = 0; w < Math.min(count, Math.ceilDiv(items, STEP)); w++) {
      int worker = w;
      running.add(
          threads.submit(
              () -> {
                for (int from = next.getAndAdd(STEP); from < items; from = next.getAndAdd(STEP)) {
                  for (int item = from; item < Math.min(items, from + STEP); item++) {
                    work.run(worker, item);
                  }
                }
              }));
    }
    running.forEach(BuildThreads::await);
  }

  private static void await(Future<?> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true; // the memory of the rows must outlive the work
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException cause) {
            throw cause;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    jobs.shutdown();
    threads.shutdown();
  }
}
