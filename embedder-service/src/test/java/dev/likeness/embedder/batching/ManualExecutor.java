package dev.likeness.embedder.batching;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** Runs nothing until it is told to; on the thread that tells it. Tasks may come from any. */
public final class ManualExecutor implements Executor {

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  public int size() {
    return tasks.size();
  }

  public void runNext() {
    tasks.remove().run();
  }

  public void runAll() {
    while (!tasks.isEmpty()) {
      runNext();
    }
  }
}
