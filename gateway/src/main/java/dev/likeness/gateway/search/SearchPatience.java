package dev.likeness.gateway.search;

import dev.likeness.gateway.peer.PeerException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks again while a service restarts, so that its callers need not notice. A service that answers
 * with failures of its own gets a tenth of the time.
 *
 * @param limit how long; zero for not at all
 */
public record SearchPatience(Duration limit) {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int SUSPICION = 10;

  /** The first answer within the time; the last failure if there is none. */
  <T> T call(Supplier<T> call) {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.get();
      } catch (PeerException.Unavailable e) {
        Duration allowed = e.isSuspicious() ? limit.dividedBy(SUSPICION) : limit;
        if (System.nanoTime() - start + pause.toNanos() > allowed.toNanos() || !slept(pause)) {
          throw e;
        }
      }
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  private static boolean slept(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
