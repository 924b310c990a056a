package dev.likeness.gateway.health;

import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.peer.PeerSightings;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** How the last call of each peer went: information, never a reason to be down. */
@Readiness
@ApplicationScoped
public class PeerReadiness implements HealthCheck {

  private final PeerSightings sightings;

  /** Called by the container. */
  public PeerReadiness(PeerSightings sightings) {
    this.sightings = sightings;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("peers").up();
    for (PeerName peer : PeerName.values()) {
      response.withData(peer.text(), sightings.last(peer));
    }
    return response.build();
  }
}
