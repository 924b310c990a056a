package dev.likeness.training.finetune;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a run before the process does. When the virtual machine exits, libtorch's memory is torn
 * down under a step that is still in native code, which crashes it. So a shutdown asks the run to
 * stop, with a checkpoint, and waits until it has.
 */
final class ShutdownGuard implements StopSignal, AutoCloseable {

  /** A step, and a checkpoint; whoever asked a process to end does not wait for ever either. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final StopSignal asked;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForEnd, "training-shutdown");
  private volatile boolean shuttingDown;

  private ShutdownGuard(StopSignal asked) {
    this.asked = asked;
  }

  /**
   * To be closed when the run has freed what it had.
   *
   * @param asked that may stop the run, too
   */
  static ShutdownGuard around(StopSignal asked) {
    ShutdownGuard guard = new ShutdownGuard(asked);
    try {
      Runtime.getRuntime().addShutdownHook(guard.hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      guard.shuttingDown = true;
    }
    return guard;
  }

  @Override
  public boolean requested() {
    return shuttingDown || asked.requested();
  }

  @Override
  public void close() {
    ended.countDown();
    if (!shuttingDown) {
      try {
        boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException begunMeanwhile) {
        // The hook finds the run ended.
      }
    }
  }

  private void waitForEnd() {
    shuttingDown = true;
    try {
      boolean unused = ended.await(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
