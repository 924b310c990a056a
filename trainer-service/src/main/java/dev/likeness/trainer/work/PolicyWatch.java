package dev.likeness.trainer.work;

import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.trainer.dataset.DatasetContents;
import dev.likeness.trainer.job.DatasetChanges;
import dev.likeness.trainer.job.PolicyStore;
import dev.likeness.trainer.job.TrainerException;
import dev.likeness.trainer.job.TrainingJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at data sets that were told to have changed, and starts the jobs that policies ask for: at
 * once, and every few seconds, since a cool-down ends without an event and another trainer may have
 * died before it looked. Its thread is {@code trainer-policies}.
 */
public final class PolicyWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PolicyWatch.class);

  private final PolicyStore policies;
  private final DatasetChanges changes;
  private final JobWorker worker;
  private final Duration interval;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("trainer-policies").daemon().factory());

  /** A watch that does nothing before it is started. */
  public PolicyWatch(
      PolicyStore policies, DatasetChanges changes, JobWorker worker, Duration interval) {
    this.policies = policies;
    this.changes = changes;
    this.worker = worker;
    this.interval = interval;
  }

  /** Starts the thread. Called once. */
  public void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::lookAgain, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks soon, on the thread of the watch: listing many images takes long. */
  public void wake() {
    try {
      timer.execute(this::lookAgain);
    } catch (RejectedExecutionException shuttingDown) {
      LOG.debug("what was told is looked at after the next start");
    }
  }

  /** Finds out how much has changed, and starts what is due now. */
  public void look() {
    for (DatasetChanges.Told told : changes.uncompared()) {
      changes.compare(told, contents(told.datasetPath()));
    }
    List<TrainingJob> started = policies.startDue();
    for (TrainingJob job : started) {
      LOG.infof("job %s is started, because %s has changed", job.id(), job.spec().datasetPath());
    }
    if (!started.isEmpty()) {
      worker.wake();
    }
  }

  /**
   * Null if the folder cannot be read or is empty, as one is whose disk is away; no job could be
   * trained on it. That is told once, and tried again at every look.
   */
  private @Nullable DatasetContents contents(String datasetPath) {
    String problem;
    try {
      DatasetContents contents = DatasetContents.read(Path.of(datasetPath));
      if (contents.images() > 0) {
        unreadable.remove(datasetPath);
        return contents;
      }
      problem = "there are none; is its disk there?";
    } catch (DatasetException e) {
      problem = String.valueOf(e.getMessage());
    }
    if (unreadable.add(datasetPath)) {
      LOG.warnf("which images of %s have changed is not known: %s", datasetPath, problem);
    }
    return null;
  }

  /** A timer that throws is never called again. */
  private void lookAgain() {
    try {
      look();
    } catch (TrainerException e) {
      LOG.warnf("looking for jobs to start failed; it is tried again: %s", e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
