package dev.likeness.index.config;

import dev.likeness.index.collection.CollectionDescription;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.error.IndexException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when all collections are recovered and verified. A damaged collection is named but does not
 * take the others out of service; a cluster that does not answer does, since nothing works without.
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
    var response = HealthCheckResponse.named("collections recovered and verified");
    List<CollectionDescription> collections;
    try {
      collections = store.list();
    } catch (IndexException e) {
      return response.down().withData("reason", e.getMessage()).build();
    }
    long unverified = collections.stream().filter(collection -> !collection.isVerified()).count();
    response.status(unverified == 0).withData("verifying", unverified);
    response.withData("collections", collections.size());
    for (CollectionDescription collection : collections) {
      collection
          .failureReason()
          .ifPresent(reason -> response.withData(collection.name().value(), reason));
    }
    return response.build();
  }
}
