package dev.likeness.trainer.work;

import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;

/**
 * Does a kind of job. It may be run again for a job that an earlier run left at any point, and must
 * then end with the one version that the earlier run published, if it had come that far.
 */
@FunctionalInterface
public interface JobRunner {

  /**
   * Runs the job to its published model.
   *
   * @param job as it was claimed
   * @param context how to report progress and learn of interruptions
   * @throws TrainingFailedException if it cannot be done; the message is for people
   * @throws JobInterruptedException from the context, to be let through
   */
  PublishedModel run(TrainingJob job, JobContext context)
      throws TrainingFailedException, JobInterruptedException;

  /**
   * A job has ended, and will not be run again: what was kept for that may go. Not called if the
   * process dies before.
   */
  default void forget(TrainingJob ended) {}
}
