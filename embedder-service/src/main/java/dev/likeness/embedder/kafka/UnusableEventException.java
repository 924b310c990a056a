package dev.likeness.embedder.kafka;

/** An event that will never be usable; it goes to the dead letter topic with this message. */
final class UnusableEventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnusableEventException(String message) {
    super(message);
  }
}
