package dev.likeness.gateway.run;

/** What can be wrong with a request about runs; messages are written for users. */
public abstract sealed class RunException extends RuntimeException
    permits ImageNotFoundException,
        InvalidRequestException,
        RunNotFoundException,
        RunNotFinishedException,
        RunOutputMissingException,
        RunStorageException {

  private static final long serialVersionUID = 1L;

  RunException(String message) {
    super(message);
  }

  RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
