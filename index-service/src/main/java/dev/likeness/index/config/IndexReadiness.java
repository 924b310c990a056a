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
    long unverified =
        catalog.collections().stream().filter(collection -> !collection.isVerified()).count();
    var response =
        HealthCheckResponse.named("collections recovered and verified").status(unverified == 0);
    response.withData("verifying", unverified);
    response.withData("collections", catalog.collections().size());
    for (Collection collection : catalog.collections()) {
      collection
          .failureReason()
          .ifPresent(reason -> response.withData(collection.name().value(), reason));
    }
    return response.build();
  }
}
