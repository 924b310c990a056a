package dev.likeness.trainer.job;

/** The data set of a requested job cannot be used. */
public final class InvalidDatasetException extends TrainerException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with it and how to repair it. */
  public InvalidDatasetException(String message) {
    super(message);
  }
}
