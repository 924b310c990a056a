package dev.likeness.embedder.operation;

import dev.likeness.embedder.failure.EncoderNotFoundException;
import dev.likeness.embedder.serving.BuiltInEncoder;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.EncoderStatus;
import dev.likeness.embedder.serving.ServingState;
import dev.likeness.encoders.store.ModelStoreException;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the model store can be read and the built-in encoder was verified since the start. An
 * encoder that was unloaded by hand later does not make the service unready; a failed one does.
 */
@Readiness
@ApplicationScoped
public class ModelStoreCheck implements HealthCheck {

  private static final String NAME = "model store and built-in encoder";

  private final EncoderCatalog catalog;
  private volatile boolean verified;

  /** Called by the container. */
  public ModelStoreCheck(EncoderCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public HealthCheckResponse call() {
    try {
      EncoderStatus status = catalog.find(BuiltInEncoder.NAME.value(), null);
      boolean serves =
          catalog.serving().stream()
              .anyMatch(served -> served.version().name().equals(BuiltInEncoder.NAME));
      verified |= serves;
      boolean up = serves || (verified && status.state() != ServingState.FAILED);
      return HealthCheckResponse.named(NAME)
          .status(up)
          .withData("state", status.state().name())
          .withData("failure", status.failureReason())
          .build();
    } catch (ModelStoreException | EncoderNotFoundException unreadable) {
      return HealthCheckResponse.named(NAME)
          .down()
          .withData("failure", String.valueOf(unreadable.getMessage()))
          .build();
    }
  }
}
