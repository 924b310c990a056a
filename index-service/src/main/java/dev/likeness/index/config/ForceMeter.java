package dev.likeness.index.config;

import dev.likeness.index.storage.GroupCommit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts what the log does. */
final class ForceMeter implements GroupCommit.ForceListener {

  private final Timer forces;
  private final Counter batches;

  ForceMeter(MeterRegistry meters) {
    forces =
        Timer.builder("likeness.index.log.force")
            .description("Writing a group of batches and forcing it to the device")
            .publishPercentileHistogram()
            .register(meters);
    batches =
        Counter.builder("likeness.index.log.batches")
            .description("Batches made durable")
            .register(meters);
  }

  @Override
  public void forced(long nanos, int batchCount) {
    forces.record(Duration.ofNanos(nanos));
    batches.increment(batchCount);
  }
}
