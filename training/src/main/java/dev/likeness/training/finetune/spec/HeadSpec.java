package dev.likeness.training.finetune.spec;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind the pooling.
 *
 * @param projectionDimension length of the published vector; null leaves the network's own. At most
 *     the network's dimension: a larger one is lowered to it
 * @param dropout share of the vector's values that a step leaves out before the classifier, [0, 1)
 * @param trainedGemPower whether p of GeM pooling is learned, where the network pools so
 */
public record HeadSpec(
    @Nullable Integer projectionDimension, double dropout, boolean trainedGemPower) {

  public static final int DEFAULT_DIMENSION = 512;

  public HeadSpec {
    if (projectionDimension != null && projectionDimension < 1) {
      throw new IllegalArgumentException(
          "the projection needs at least 1 dimension, got " + projectionDimension);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout);
    }
  }

  /** 512 dimensions, no dropout, p learned. */
  public static HeadSpec defaults() {
    return new HeadSpec(DEFAULT_DIMENSION, 0, true);
  }
}
