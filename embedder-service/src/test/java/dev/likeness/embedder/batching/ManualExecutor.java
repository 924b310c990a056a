package dev.likeness.embedder.batching;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Runs nothing until it is told to; on the caller's thread. */
public final class ManualExecutor implements Executor {

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

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
