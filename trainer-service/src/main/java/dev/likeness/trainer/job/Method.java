package dev.likeness.trainer.job;

import dev.likeness.training.finetune.spec.FineTuneSpec;
import org.jspecify.annotations.Nullable;

/** How an encoder is trained. */
public sealed interface Method {

  /**
   * Fits a PCA-whitening projection to the embeddings of the training images.
   *
   * @param dimension length of the projected vectors, at least 1; null for min(256, dimension of
   *     the encoder, images - 1)
   */
  record PcaWhitening(@Nullable Integer dimension) implements Method {

    /** Rejects dimensions below 1. */
    public PcaWhitening {
      if (dimension != null && dimension < 1) {
        throw new InvalidJobException(
            "spec.pca_whitening.dimension",
            "dimension must be at least 1, not %d; leave it out for the default"
                .formatted(dimension));
      }
    }
  }

  /**
   * Trains the weights of the encoder's own graph.
   *
   * @param spec with every default filled in when the job was accepted; its seed is the job's; the
   *     threads and the cache in it are replaced by those of the worker
   */
  record FineTune(FineTuneSpec spec) implements Method {}
}
