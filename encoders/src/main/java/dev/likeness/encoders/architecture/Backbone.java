package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.store.Pooling;

/** A kind of network; a record of it holds what makes one network of that kind. */
sealed interface Backbone
    permits ResidualNetwork, EfficientNet, GoogLeNet, VisionTransformer, ClipVisionTower, Dinov2 {

  /** The vector at the end: a tensor [N, dimension]. */
  record Embedding(String tensor, int dimension) {}

  /**
   * Appends the network and its pooling. Weights are declared under the names of the published
   * checkpoint.
   *
   * @param image tensor [N, 3, height, width]
   */
  Embedding append(GraphBuilder net, String image, NetworkOptions options);

  /** The error for a pooling that {@link Architecture#poolings} should have refused. */
  static IllegalArgumentException noSuchPooling(Pooling pooling) {
    return new IllegalArgumentException("this network has no pooling " + pooling);
  }
}
