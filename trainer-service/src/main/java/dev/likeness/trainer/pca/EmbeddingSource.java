package dev.likeness.trainer.pca;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.TrainingFailedException;
import java.util.List;

/** Where embeddings of images come from. */
public interface EmbeddingSource {

  /** Learns what becomes of each image; called by the thread that asked. */
  interface Outcomes {

    /**
     * An image's embedding.
     *
     * @param ordinal place of the image in the list
     * @param vector float32 [dimension], of length 1; the receiver's to keep
     * @param fingerprint of the encoder version that made it
     */
    void embedded(int ordinal, float[] vector, String fingerprint)
        throws TrainingFailedException, JobInterruptedException;

    /** An image that gives no embedding, and why. */
    void leftOut(int ordinal, String reason)
        throws TrainingFailedException, JobInterruptedException;
  }

  /**
   * Embeds images; each gets exactly one outcome, in any order. A source that is down is waited
   * for.
   *
   * @throws TrainingFailedException if the encoder cannot be used or the source stays down
   * @throws JobInterruptedException as soon as the job has to stop
   */
  void embed(EncoderName encoder, List<ImageFile> images, JobContext context, Outcomes outcomes)
      throws TrainingFailedException, JobInterruptedException;
}
