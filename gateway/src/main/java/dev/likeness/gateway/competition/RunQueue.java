package dev.likeness.gateway.competition;

import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunId;
import dev.likeness.gateway.run.RunStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Works on a bounded number of runs at a time, in the order of their creation. Runs that were
 * interrupted by a restart go first, because they are older.
 */
public final class RunQueue implements AutoCloseable {

  private static final Logger LOG = System.getLogger(RunQueue.class.getName());

  private final RunStore store;
  private final RunPipeline pipeline;
  private final ExecutorService workers;

  /**
   * @param parallelRuns runs at a time
   */
  public RunQueue(RunStore store, RunPipeline pipeline, int parallelRuns) {
    this.store = store;
    this.pipeline = pipeline;
    this.workers =
        Executors.newFixedThreadPool(
            parallelRuns, Thread.ofPlatform().name("run-worker-", 1).factory());
  }

  /** Takes up the runs that have not ended. */
  public void resume() {
    store.all().stream().filter(run -> !run.state().isFinal()).map(Run::id).forEach(this::submit);
  }

  /** Works on a run as soon as there is a free worker. */
  public void submit(RunId id) {
    workers.execute(() -> work(id));
  }

  private void work(RunId id) {
    try {
      pipeline.run(id);
    } catch (InterruptedException e) {
      LOG.log(Level.INFO, "run {0} is interrupted and goes on after the next start", id);
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the state of run " + id + " cannot be saved", e);
    }
  }

  /** Interrupts the workers; their runs go on after the next start. */
  @Override
  public void close() {
    workers.shutdownNow();
    try {
      var _ = workers.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
