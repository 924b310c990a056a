package dev.likeness.training.execute;

/** How normalisations behave. */
public enum Mode {
  /** With the batch's statistics, which the running ones follow. */
  TRAIN,
  /** With the running statistics, which stay. */
  EVAL
}
