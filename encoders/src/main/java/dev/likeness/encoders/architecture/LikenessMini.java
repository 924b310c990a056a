package dev.likeness.encoders.architecture;

import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;

/** The small residual network that needs no download: 96 × 96 pixels in, 256 values out. */
public final class LikenessMini {

  private LikenessMini() {}

  /** Builds the untrained network from a seed and publishes it as {@code likeness-mini}. */
  public static ModelPackage publishTo(ModelStore store, long seed) {
    throw new UnsupportedOperationException(store.root() + " " + seed);
  }
}
