package dev.likeness.trainer.work;

/** A job cannot be done; the message says why and how to repair it. */
public final class TrainingFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why, for people. */
  public TrainingFailedException(String reason) {
    super(reason);
  }

  /** Why, for people, and the cause for the log. */
  public TrainingFailedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
