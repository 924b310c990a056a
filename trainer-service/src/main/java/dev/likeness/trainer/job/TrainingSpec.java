package dev.likeness.trainer.job;

import dev.likeness.encoders.store.EncoderName;

/**
 * What is to be trained. Two jobs with equal specs ask for the same thing.
 *
 * @param datasetPath directory of the data set on the server; its training part is used
 * @param encoder encoder to start from
 * @param outputEncoder name to publish the result under; an existing one gets a new version
 * @param seed of everything random
 * @param method how
 */
public record TrainingSpec(
    String datasetPath, EncoderName encoder, EncoderName outputEncoder, long seed, Method method) {

  private static final int LONGEST_PATH = 4096;

  /** Rejects a missing path. */
  public TrainingSpec {
    if (datasetPath.isBlank() || datasetPath.length() > LONGEST_PATH) {
      throw new InvalidJobException(
          "spec.dataset_path",
          "dataset_path must name the directory of the data set on the server, in at most %d characters"
              .formatted(LONGEST_PATH));
    }
  }
}
