package dev.likeness.gateway.competition;

import java.time.Duration;

/** Waits; tests wait without waiting. */
@FunctionalInterface
public interface Sleeper {

  /** The real one. */
  Sleeper REAL = duration -> Thread.sleep(duration);

  /**
   * Waits so long.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  void sleep(Duration duration) throws InterruptedException;
}
