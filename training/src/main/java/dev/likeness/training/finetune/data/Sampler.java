package dev.likeness.training.finetune.data;

import java.util.List;

/** Says which images a step sees. An epoch follows from seed and epoch alone. */
public sealed interface Sampler permits ClassSampler, StylePairSampler {

  int batchesPerEpoch();

  /** Images of a batch. */
  int batchSize();

  /**
   * @param epoch from 1
   * @return ordinals, batch by batch
   */
  List<int[]> epoch(int epoch);
}
