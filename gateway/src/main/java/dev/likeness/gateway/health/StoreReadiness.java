package dev.likeness.gateway.health;

import dev.likeness.gateway.run.RunStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * The gateway is ready when it can accept runs: its gRPC server is up (the framework checks that)
 * and the run store can be written. Runs wait for the other services by themselves.
 */
@Readiness
@ApplicationScoped
public class StoreReadiness implements HealthCheck {

  private final RunStore store;

  /** Called by the container. */
  public StoreReadiness(RunStore store) {
    this.store = store;
  }

  @Override
  public HealthCheckResponse call() {
    boolean writable = Files.isDirectory(store.directory()) && Files.isWritable(store.directory());
    return HealthCheckResponse.named("run store")
        .status(writable)
        .withData("directory", store.directory().toString())
        .withData("runs", store.all().size())
        .withData("problems", store.problems().size())
        .build();
  }
}
