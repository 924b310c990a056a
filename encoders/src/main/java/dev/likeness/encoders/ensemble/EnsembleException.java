package dev.likeness.encoders.ensemble;

/** Encoders that cannot be joined; the message says why, and what else to do. */
public final class EnsembleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EnsembleException(String message) {
    super(message);
  }

  EnsembleException(String message, Throwable cause) {
    super(message, cause);
  }
}
