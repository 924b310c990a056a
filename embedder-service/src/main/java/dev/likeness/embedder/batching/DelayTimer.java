package dev.likeness.embedder.batching;

import java.time.Duration;

/** Calls back later. */
@FunctionalInterface
public interface DelayTimer {

  /** Runs the action once, no earlier than after the delay. The action is short. */
  void after(Duration delay, Runnable action);
}
