package dev.likeness.trainer.kafka;

/** A record is no command. */
final class UnreadableCommandException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableCommandException(String message) {
    super(message);
  }
}
