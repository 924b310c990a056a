package dev.likeness.index.config;

import dev.likeness.index.collection.CollectionDescription;
import dev.likeness.index.collection.VectorStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when all collections are recovered and verified. A damaged collection is named but does not
 * take the others out of service.
 */
@Readiness
@ApplicationScoped
public class IndexReadiness implements HealthCheck {

  private final VectorStore store;

  /** Called by the container, after the collections were recovered. */
  public IndexReadiness(VectorStore store) {
    this.store = store;
  }

  @Override
  public HealthCheckResponse call() {
    List<CollectionDescription> collections = store.list();
    long unverified = collections.stream().filter(collection -> !collection.isVerified()).count();
    var response =
        HealthCheckResponse.named("collections recovered and verified").status(unverified == 0);
    response.withData("verifying", unverified);
    response.withData("collections", collections.size());
    for (CollectionDescription collection : collections) {
      collection
          .failureReason()
          .ifPresent(reason -> response.withData(collection.name().value(), reason));
    }
    return response.build();
  }
}
