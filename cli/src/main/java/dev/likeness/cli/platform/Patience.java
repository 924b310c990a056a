package dev.likeness.cli.platform;

import dev.likeness.cli.output.Progress;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a service that is away for a moment: work on the platform is durable, so a client that
 * watches it comes back after a restart.
 *
 * @param limit how long a service may be silent
 * @param pause time between two attempts
 */
public record Patience(Duration limit, Duration pause) {
  /** A restart takes seconds; a service away for two minutes does not come back by itself. */
  public static final Patience DEFAULT =
      new Patience(Duration.ofMinutes(2), Duration.ofMillis(500));

  /** One conversation with a service. */
  @FunctionalInterface
  interface Conversation<T> {
    /**
     * @param heard to be run with every message that arrives
     * @return the end of the work, or null if the conversation ended before
     */
    @Nullable T hold(Runnable heard);
  }

  /**
   * Holds conversations until the work has ended.
   *
   * @throws StatusRuntimeException if the service answers with an error, or is silent for too long
   */
  <T> T untilTheEnd(String service, Progress progress, Conversation<T> conversation) {
    Silence silence = new Silence();
    while (true) {
      StatusRuntimeException away;
      try {
        T end = conversation.hold(silence::broken);
        if (end != null) {
          return end;
        }
        away = Status.UNAVAILABLE.asRuntimeException();
      } catch (StatusRuntimeException e) {
        if (!mayComeBack(e)) {
          throw e;
        }
        away = e;
      }
      if (silence.isLongerThan(limit)) {
        throw away;
      }
      if (silence.isNew()) {
        progress.note("The " + service + " is away; waiting for it to come back.");
      }
      sleep();
    }
  }

  /** A broken connection shows as UNAVAILABLE, a stream that the server dropped as CANCELLED. */
  private static boolean mayComeBack(StatusRuntimeException exception) {
    Code code = exception.getStatus().getCode();
    return code == Code.UNAVAILABLE || code == Code.CANCELLED;
  }

  private void sleep() {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Status.ABORTED.withDescription("interrupted").asRuntimeException();
    }
  }

  /** The time since a service was last heard. */
  private static final class Silence {
    private long since = System.nanoTime();
    private boolean reported;

    void broken() {
      since = System.nanoTime();
      reported = false;
    }

    boolean isLongerThan(Duration limit) {
      return System.nanoTime() - since > limit.toNanos();
    }

    boolean isNew() {
      boolean fresh = !reported;
      reported = true;
      return fresh;
    }
  }
}
