package dev.likeness.index.config;

import dev.likeness.index.collection.Collection;
import dev.likeness.index.collection.CollectionCatalog;
import jakarta.enterprise.context.ApplicationScoped;
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

  private final CollectionCatalog catalog;

  /** Called by the container, after the catalog was recovered. */
  public IndexReadiness(CollectionCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("collections recovered").up();
    response.withData("collections", catalog.collections().size());
    for (Collection collection : catalog.collections()) {
      collection
          .failureReason()
          .ifPresent(reason -> response.withData(collection.name().value(), reason));
    }
    return response.build();
  }
}
