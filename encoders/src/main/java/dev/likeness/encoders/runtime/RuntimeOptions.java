package dev.likeness.encoders.runtime;

/**
 * How a session uses the processor.
 *
 * @param intraOpThreads threads inside one run, at least 1
 * @param allowSpinning whether these threads busy-wait between operators: a little faster on an
 *     idle machine, much slower on a shared one
 */
public record RuntimeOptions(int intraOpThreads, boolean allowSpinning) {

  public RuntimeOptions {
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + intraOpThreads);
    }
  }

  /** All processors, no busy-waiting. */
  public static RuntimeOptions defaults() {
    return ofThreads(Runtime.getRuntime().availableProcessors());
  }

  public static RuntimeOptions ofThreads(int threads) {
    return new RuntimeOptions(threads, false);
  }
}
