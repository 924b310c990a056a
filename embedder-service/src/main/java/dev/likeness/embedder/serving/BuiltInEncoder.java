package dev.likeness.embedder.serving;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.util.Objects;

/** The encoder that is there without any download. */
public final class BuiltInEncoder {

  /** Its name. */
  public static final EncoderName NAME = LikenessMini.NAME;

  /** Of the untrained one that was built in before. */
  private static final Long FORMER_SEED = 20_260_101L;

  private BuiltInEncoder() {}

  /** Whether a package is the one that is published at every start where it is missing. */
  static boolean is(ModelPackage model) {
    return LikenessMini.isBuiltIn(model);
  }

  /**
   * Publishes it unless the store has one of that name. The untrained one that was built in before
   * does not count; it stays as an older version.
   */
  public static void publishIfAbsent(ModelStore store) {
    if (store.find(NAME).filter(model -> !isFormer(model)).isEmpty()) {
      ModelPackage unused = LikenessMini.publishTo(store);
    }
  }

  private static boolean isFormer(ModelPackage model) {
    return Boolean.FALSE.equals(model.card().origin().trained())
        && model.card().projection() == null
        && Objects.equals(model.card().origin().seed(), FORMER_SEED);
  }
}
