package dev.likeness.index.collection;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread that places the vectors of a large write while its writer waits for the disk. A task
 * that comes while it is busy is left out; the writer does it himself then.
 */
public final class WriteHelper implements Executor, AutoCloseable {

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread helper = new Thread(task, "index-write-helper");
            helper.setDaemon(true);
            return helper;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
