package dev.likeness.gateway.competition;

import dev.likeness.gateway.peer.PeerException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for services that are away: asks again after 0.1 s, 0.2 s, 0.4 s … 5 s, until the patience
 * is used up. A service that answers with failures of its own gets a tenth of the patience.
 */
final class Patience {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int SUSPICION = 10;

  private final Duration limit;
  private final Clock clock;
  private final Sleeper sleeper;
  private final Consumer<PeerException.Unavailable> onTrouble;

  /**
   * @param onTrouble told of each failure that is waited for
   */
  Patience(
      Duration limit, Clock clock, Sleeper sleeper, Consumer<PeerException.Unavailable> onTrouble) {
    this.limit = limit;
    this.clock = clock;
    this.sleeper = sleeper;
    this.onTrouble = onTrouble;
  }

  /**
   * Calls until there is an answer.
   *
   * @throws RunFailedException if the patience is used up
   */
  <T> T call(Supplier<T> call) throws InterruptedException {
    Waiting waiting = begin();
    while (true) {
      try {
        return call.get();
      } catch (PeerException.Unavailable e) {
        waiting.afterFailure(e);
      }
    }
  }

  /** The same for calls without an answer. */
  void run(Runnable call) throws InterruptedException {
    call(
        () -> {
          call.run();
          return true;
        });
  }

  /** For loops that make progress between failures. */
  Waiting begin() {
    return new Waiting();
  }

  /** One wait, from the first failure to the next progress. */
  final class Waiting {
    private @Nullable Instant since;
    private Duration pause = FIRST_PAUSE;

    /** There was progress: the next failure is a new one. */
    void reset() {
      since = null;
      pause = FIRST_PAUSE;
    }

    /** Waits a little longer than the last time. */
    void afterFailure(PeerException.Unavailable failure) throws InterruptedException {
      Instant now = clock.instant();
      Instant first = since == null ? now : since;
      since = first;
      Duration allowed = failure.isSuspicious() ? limit.dividedBy(SUSPICION) : limit;
      if (Duration.between(first, now).compareTo(allowed) >= 0) {
        throw new RunFailedException(
            "the %s was away for longer than %s s: %s; start it ('./likeness status' shows the services) and create the run again"
                .formatted(failure.peer().text(), allowed.toSeconds(), failure.getMessage()),
            failure);
      }
      onTrouble.accept(failure);
      sleeper.sleep(pause);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
  }
}
