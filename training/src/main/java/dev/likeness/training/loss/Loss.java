package dev.likeness.training.loss;

import org.bytedeco.pytorch.Tensor;

/** One number per batch that training lowers, with a gradient. */
public sealed interface Loss
    permits CrossEntropy,
        SupervisedContrastive,
        CrossEntropyWithContrastive,
        StyleInfoNce,
        BatchHardTriplet,
        ArcFace {

  /**
   * @return a scalar
   * @throws IllegalArgumentException if the batch lacks what the loss needs
   */
  Tensor of(Batch batch);
}
