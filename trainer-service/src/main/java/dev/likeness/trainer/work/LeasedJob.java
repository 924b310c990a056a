package dev.likeness.trainer.work;

import dev.likeness.trainer.job.Claim;
import dev.likeness.trainer.job.ClaimedJobs;
import dev.likeness.trainer.job.JobState.Running;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.job.LeaseLostException;
import dev.likeness.trainer.job.Progress;
import dev.likeness.trainer.job.TrainingFigures;
import dev.likeness.trainer.work.JobInterruptedException.Cause;
import dev.likeness.training.finetune.EpochReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job and the lease on it. The thread that runs the job uses it as its {@link
 * JobContext}; the heartbeat thread calls {@link #heartbeat}; a shutdown calls {@link #interrupt}.
 */
final class LeasedJob implements JobContext {

  private static final Logger LOG = Logger.getLogger(LeasedJob.class);

  /** Progress is written at most this often, unless the stage changes. */
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

  private final ClaimedJobs jobs;
  private final Claim claim;
  private final Duration lease;
  private final Clock clock;
  private final Object lock = new Object();
  private @Nullable Cause interruption;
  private Instant heldUntil;
  private String stage = "";
  private Instant lastProgress = Instant.EPOCH;

  LeasedJob(ClaimedJobs jobs, Claim claim, Duration lease, Clock clock) {
    this.jobs = jobs;
    this.claim = claim;
    this.lease = lease;
    this.clock = clock;
    this.heldUntil = clock.instant().plus(lease);
    if (claim.job().state() instanceof Running running && running.cancelRequested()) {
      interruption = Cause.CANCELLED;
    }
  }

  Claim claim() {
    return claim;
  }

  /** Keeps the lease; a store that does not answer is asked again until the lease has run out. */
  void heartbeat() {
    Instant asked = clock.instant();
    try {
      boolean cancelled = jobs.renew(claim, lease);
      synchronized (lock) {
        heldUntil = asked.plus(lease);
      }
      if (cancelled) {
        interrupt(Cause.CANCELLED);
      }
    } catch (LeaseLostException e) {
      interrupt(Cause.LEASE_LOST);
    } catch (JobStoreException e) {
      LOG.warnf(e, "the heartbeat of job %s failed", claim.job().id());
      synchronized (lock) {
        if (clock.instant().isAfter(heldUntil)) {
          interrupt(Cause.LEASE_LOST);
        }
      }
    }
  }

  /** Makes the job stop at its next checkpoint. The first cause stays, but a lost lease wins. */
  void interrupt(Cause cause) {
    synchronized (lock) {
      if (interruption == null || cause == Cause.LEASE_LOST) {
        interruption = cause;
      }
      lock.notifyAll();
    }
  }

  @Override
  public void progress(String newStage, double share) throws JobInterruptedException {
    progress(new Progress(newStage, share));
  }

  @Override
  public void progress(Progress further) throws JobInterruptedException {
    checkpoint();
    Instant now = clock.instant();
    if (further.stage().equals(stage) && now.isBefore(lastProgress.plus(PROGRESS_INTERVAL))) {
      return;
    }
    remember(further, now);
    guarded(() -> jobs.change(claim, (running, _) -> running.advance(further)));
  }

  @Override
  public void finishEpoch(EpochReport epoch, int epochs, Progress further)
      throws JobInterruptedException {
    checkpoint();
    remember(further, clock.instant());
    guarded(() -> jobs.finishEpoch(claim, epoch, further, epochs));
  }

  @Override
  public void finishSteps(TrainingFigures figures, Progress further)
      throws JobInterruptedException {
    checkpoint();
    remember(further, clock.instant());
    guarded(() -> jobs.finishSteps(claim, figures, further));
  }

  @Override
  public void saved(long place) throws JobInterruptedException {
    guarded(() -> jobs.getFurther(claim, place));
  }

  private void remember(Progress further, Instant now) {
    stage = further.stage();
    lastProgress = now;
  }

  @Override
  public void note(String sentence) throws JobInterruptedException {
    guarded(() -> jobs.addNote(claim, sentence));
  }

  @Override
  public void confirm() throws JobInterruptedException {
    checkpoint();
    guarded(
        () -> {
          if (jobs.renew(claim, lease)) {
            interrupt(Cause.CANCELLED);
          }
        });
    checkpoint();
  }

  @Override
  public void checkpoint() throws JobInterruptedException {
    synchronized (lock) {
      if (interruption != null) {
        throw new JobInterruptedException(interruption);
      }
    }
  }

  @Override
  public void pause(Duration duration) throws JobInterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    synchronized (lock) {
      while (interruption == null) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return;
        }
        try {
          lock.wait(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new JobInterruptedException(Cause.SHUTDOWN);
        }
      }
    }
    checkpoint();
  }

  private void guarded(Runnable storeCall) throws JobInterruptedException {
    try {
      storeCall.run();
    } catch (LeaseLostException e) {
      interrupt(Cause.LEASE_LOST);
      checkpoint();
    }
  }
}
