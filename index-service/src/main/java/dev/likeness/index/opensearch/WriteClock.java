package dev.likeness.index.opensearch;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Stamps of writes, ever larger. OpenSearch keeps for each id the write with the largest stamp, so
 * that a request which was given up and repeated cannot undo later ones when it arrives after all.
 * Stamps are microseconds since 1970, so that they grow over restarts and over several services
 * with clocks that agree; where the clocks do not, {@link #observe} catches up.
 */
final class WriteClock {

  private final Clock clock;
  private long last;

  WriteClock(Clock clock) {
    this.clock = clock;
  }

  synchronized long next() {
    last = Math.max(last + 1, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    return last;
  }

  /** Makes all further stamps larger than this one. */
  synchronized void observe(long stamp) {
    last = Math.max(last, stamp);
  }
}
