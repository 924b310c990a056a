package dev.likeness.trainer.job;

/** The database of the jobs does not answer or refuses. */
public final class JobStoreException extends TrainerException {

  private static final long serialVersionUID = 1L;

  /** What was refused, and by what. */
  public JobStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
