package dev.likeness.index.collection;

import dev.likeness.index.system.ThreadPriority;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The platform threads on which all collections keep their files in order. A collection has at most
 * two tasks waiting, so the queue needs no bound of its own. Where the operating system allows it,
 * writers and searches go before them when processors are short.
 */
public final class UpkeepThreads implements Executor, AutoCloseable {

  private final ExecutorService threads;

  /**
   * @param count 1 or more
   */
  public UpkeepThreads(int count) {
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread =
                  new Thread(
                      () -> {
                        ThreadPriority.lower();
                        task.run();
                      },
                      "index-upkeep-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
