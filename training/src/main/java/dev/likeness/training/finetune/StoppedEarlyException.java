package dev.likeness.training.finetune;

/** It was asked to stop before the first step, when there is nothing to save yet. */
final class StoppedEarlyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StoppedEarlyException() {
    super("stopped before the first step", null, false, false);
  }
}
