package dev.likeness.trainer.job;

/** Something that a caller of the trainer or a worker has to know; messages are for people. */
public abstract sealed class TrainerException extends RuntimeException
    permits InvalidJobException,
        InvalidDatasetException,
        JobNotFoundException,
        JobExistsException,
        JobNotCancellableException,
        LeaseLostException,
        PolicyNotFoundException,
        ModelNotFoundException,
        NoEarlierVersionException,
        JobStoreException {

  private static final long serialVersionUID = 1L;

  TrainerException(String message) {
    super(message);
  }

  TrainerException(String message, Throwable cause) {
    super(message, cause);
  }
}
