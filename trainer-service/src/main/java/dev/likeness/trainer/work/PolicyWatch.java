package dev.likeness.trainer.work;

import dev.likeness.trainer.job.PolicyStore;
import dev.likeness.trainer.job.TrainerException;
import dev.likeness.trainer.job.TrainingJob;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Starts the jobs that policies ask for: when a data set has changed, and every few seconds, since
 * a cool-down ends without an event. Its thread is {@code trainer-policies}.
 */
public final class PolicyWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PolicyWatch.class);

  private final PolicyStore policies;
  private final JobWorker worker;
  private final Duration interval;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("trainer-policies").daemon().factory());

  /** A watch that does nothing before it is started. */
  public PolicyWatch(PolicyStore policies, JobWorker worker, Duration interval) {
    this.policies = policies;
    this.worker = worker;
    this.interval = interval;
  }

  /** Starts the thread. Called once. */
  public void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::lookAgain, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Starts what is due now. */
  public void look() {
    List<TrainingJob> started = policies.startDue();
    for (TrainingJob job : started) {
      LOG.infof("job %s is started, because %s grew", job.id(), job.spec().datasetPath());
    }
    if (!started.isEmpty()) {
      worker.wake();
    }
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
