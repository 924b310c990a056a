package dev.likeness.embedder.batching;

/**
 * When a caller stops waiting.
 *
 * @param nanos on the clock of {@link System#nanoTime()}
 */
public record Deadline(long nanos) {

  /** Whether it lies behind. */
  public boolean passed(long nowNanos) {
    return nowNanos - nanos >= 0;
  }
}
