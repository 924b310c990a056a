package dev.likeness.trainer.wiring;

import dev.likeness.trainer.job.JobStatistics;
import dev.likeness.trainer.job.JobStoreException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The trainer's own figures; each is read from the job store when it is asked for. */
@Singleton
public final class TrainerMetrics {

  private static final List<String> STATES =
      List.of("QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED");

  private final JobStatistics statistics;
  private final MeterRegistry registry;

  /** Called by the container. */
  public TrainerMetrics(JobStatistics statistics, MeterRegistry registry) {
    this.statistics = statistics;
    this.registry = registry;
  }

  void register(@Observes StartupEvent event) {
    for (String state : STATES) {
      Gauge.builder(
              "likeness.trainer.jobs",
              orUnknown(() -> statistics.jobsByState().getOrDefault(state, 0L)))
          .tag("state", state)
          .description("Training jobs in this state")
          .register(registry);
    }
    Gauge.builder(
            "likeness.trainer.queue.age",
            orUnknown(() -> seconds(statistics.queueAge().orElse(Duration.ZERO))))
        .baseUnit("seconds")
        .description("How long the oldest waiting job has waited; 0 if none waits")
        .register(registry);
    Gauge.builder("likeness.trainer.outbox.backlog", orUnknown(statistics::outboxBacklog))
        .description("Events that the broker does not have yet")
        .register(registry);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  /** A store that does not answer gives NaN, never 0. */
  private static Supplier<Number> orUnknown(Supplier<Number> figure) {
    return () -> {
      try {
        return figure.get();
      } catch (JobStoreException e) {
        return Double.NaN;
      }
    };
  }
}
