package dev.likeness.gateway.competition;

/** The vectors written so far are void; the message says why. */
final class StartOverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StartOverException(String message) {
    super(message);
  }
}
