package dev.likeness.trainer.job;

/** A job has ended, so it cannot be cancelled. */
public final class JobNotCancellableException extends TrainerException {

  private static final long serialVersionUID = 1L;

  JobNotCancellableException(JobId id, String state) {
    super("training job '%s' has %s and cannot be cancelled".formatted(id, state));
  }
}
