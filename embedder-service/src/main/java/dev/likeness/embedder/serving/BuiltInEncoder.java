package dev.likeness.embedder.serving;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;

/** The encoder that is there without any download. */
public final class BuiltInEncoder {

  /** Its name. */
  public static final EncoderName NAME = new EncoderName("likeness-mini");

  /** Fixed, so that every installation computes the same vectors. */
  private static final long SEED = 20_260_101L;

  private BuiltInEncoder() {}

  /** Whether a package is the one that is published at every start where it is missing. */
  static boolean is(ModelPackage model) {
    Long seed = model.card().origin().seed();
    return model.name().equals(NAME)
        && model.card().projection() == null
        && seed != null
        && seed == SEED;
  }

  /** Publishes it unless the store has one of that name. */
  public static void publishIfAbsent(ModelStore store) {
    if (store.find(NAME).isEmpty()) {
      LikenessMini.publishTo(store, SEED);
    }
  }
}
