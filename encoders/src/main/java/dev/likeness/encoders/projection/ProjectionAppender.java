package dev.likeness.encoders.projection;

import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.PackageDraft;
import java.time.Clock;

/** Appends a fitted projection to an encoder's graph. */
public final class ProjectionAppender {

  private final Clock clock;

  public ProjectionAppender(Clock clock) {
    this.clock = clock;
  }

  /**
   * Makes a new package whose graph ends in the projection. The source's vector is brought to
   * length 1 in the graph first, since the projection was fitted on such vectors.
   *
   * @throws IllegalArgumentException if the projection is for vectors of another dimension
   */
  public PackageDraft append(
      ModelPackage source, LinearProjection projection, ProjectionRequest request) {
    throw new UnsupportedOperationException(clock.toString());
  }
}
