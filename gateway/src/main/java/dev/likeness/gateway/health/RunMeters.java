package dev.likeness.gateway.health;

import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunState;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.gateway.run.StageSeconds;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Metrics of runs: how many are in which state, and the seconds that finished runs took. */
@ApplicationScoped
public class RunMeters {

  private final RunStore store;
  private final MeterRegistry registry;

  /** Called by the container. */
  public RunMeters(RunStore store, MeterRegistry registry) {
    this.store = store;
    this.registry = registry;
  }

  void onStart(@Observes StartupEvent event) {
    for (String state : new String[] {"queued", "running", "succeeded", "failed"}) {
      Gauge.builder("likeness.gateway.runs", () -> count(state))
          .tag("state", state)
          .register(registry);
    }
    store.listen(this::onChange);
  }

  private long count(String state) {
    return store.all().stream().filter(run -> nameOf(run.state()).equals(state)).count();
  }

  private static String nameOf(RunState state) {
    return switch (state) {
      case RunState.Queued _ -> "queued";
      case RunState.Running _ -> "running";
      case RunState.Succeeded _ -> "succeeded";
      case RunState.Failed _ -> "failed";
    };
  }

  private void onChange(Run run) {
    if (run.state() instanceof RunState.Succeeded(var result, _)) {
      StageSeconds seconds = result.seconds();
      add("decode", seconds.decode());
      add("embed", seconds.embed());
      add("index", seconds.index());
      add("search", seconds.search());
      add("total", seconds.total());
    }
  }

  private void add(String stage, double seconds) {
    registry.counter("likeness.gateway.run.seconds", "stage", stage).increment(seconds);
  }
}
