package dev.likeness.embedder.serving;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelStore;

/** The encoder that is there without any download. */
public final class BuiltInEncoder {

  /** Its name. */
  public static final EncoderName NAME = new EncoderName("likeness-mini");

  /** Fixed, so that every installation computes the same vectors. */
  private static final long SEED = 20_260_101L;

  private BuiltInEncoder() {}

  /** Publishes it unless the store has one of that name. */
  public static void publishIfAbsent(ModelStore store) {
    if (store.find(NAME).isEmpty()) {
      LikenessMini.publishTo(store, SEED);
    }
  }
}
