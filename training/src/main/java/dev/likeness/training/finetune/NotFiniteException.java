package dev.likeness.training.finetune;

/** The network gives vectors that are no numbers: its weights have run away. */
final class NotFiniteException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotFiniteException() {
    super("a vector is no number", null, false, false);
  }
}
