package dev.likeness.trainer.work;

import dev.likeness.trainer.job.Claim;
import dev.likeness.trainer.job.ClaimedJobs;
import dev.likeness.trainer.job.ClaimedJobs.Transition;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.job.LeaseLostException;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;
import java.util.UUID;
import org.jboss.logging.Logger;

/** One attempt at a job, from its claim to the state it leaves the job in. */
final class JobAttempt {

  private static final Logger LOG = Logger.getLogger(JobAttempt.class);

  private final ClaimedJobs jobs;
  private final JobRunner runner;
  private final int maxAttempts;

  JobAttempt(ClaimedJobs jobs, JobRunner runner, int maxAttempts) {
    this.jobs = jobs;
    this.runner = runner;
    this.maxAttempts = maxAttempts;
  }

  void run(LeasedJob job) {
    JobId id = job.claim().job().id();
    Transition end = outcome(job);
    try {
      TrainingJob left = jobs.change(job.claim(), end);
      if (left.ended()) {
        runner.forget(left);
      }
    } catch (LeaseLostException e) {
      LOG.infof("job %s goes on elsewhere", id);
    } catch (JobStoreException e) {
      LOG.errorf(e, "the end of job %s could not be written; it is run again", id);
    }
  }

  private Transition outcome(LeasedJob job) {
    Claim claim = job.claim();
    JobId id = claim.job().id();
    int attempt = claim.job().state().attempt();
    int fruitless = claim.fruitlessAttempts();
    if (fruitless >= maxAttempts) {
      return (running, now) -> running.fail(interruptedTooOften(fruitless, attempt - 1), now);
    }
    LOG.infof("job %s starts, attempt %d", id, attempt);
    try {
      PublishedModel model = runner.run(claim.job(), job);
      LOG.infof("job %s published version %d", id, model.version());
      return (running, now) -> running.succeed(model, now);
    } catch (JobInterruptedException e) {
      LOG.infof("job %s stops: %s", id, e.interruption());
      return switch (e.interruption()) {
        case CANCELLED -> (running, now) -> running.cancel(now);
        case SHUTDOWN -> (running, now) -> running.handBack(now);
        case LEASE_LOST ->
            (_, _) -> {
              throw new LeaseLostException(claim);
            };
      };
    } catch (TrainingFailedException e) {
      String reason = String.valueOf(e.getMessage());
      LOG.warnf("job %s failed: %s", id, reason);
      LOG.debugf(e, "job %s failed", id);
      return (running, now) -> running.fail(reason, now);
    } catch (JobStoreException e) {
      LOG.warnf(e, "job %s cannot be written down; it is run again", id);
      return (running, now) -> running.handBack(now);
    } catch (RuntimeException | OutOfMemoryError e) {
      String logId = UUID.randomUUID().toString();
      LOG.errorf(e, "job %s failed unexpectedly, %s", id, logId);
      return (running, now) -> running.fail(unexpected(e, logId), now);
    }
  }

  private static String interruptedTooOften(int fruitless, int attempts) {
    String ofAll = attempts > fruitless ? " (%d times in all)".formatted(attempts) : "";
    return "it was interrupted %d times%s without getting further; see the service's log for what ended it, then create it again"
        .formatted(fruitless, ofAll);
  }

  private static String unexpected(Throwable thrown, String logId) {
    return thrown instanceof OutOfMemoryError
        ? "the trainer ran out of memory; give it more (-Xmx) or use fewer images, then create the job again"
        : "an unexpected failure; the service's log has the details under " + logId;
  }
}
