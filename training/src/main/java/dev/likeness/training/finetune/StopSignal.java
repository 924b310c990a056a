package dev.likeness.training.finetune;

/** Asked before every step, by the thread that trains. */
@FunctionalInterface
public interface StopSignal {

  /** Never stops. */
  StopSignal NEVER = () -> false;

  /** Whether to write a checkpoint and end. */
  boolean requested();
}
