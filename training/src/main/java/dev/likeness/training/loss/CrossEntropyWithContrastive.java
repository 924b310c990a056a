package dev.likeness.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Cross-entropy plus weight · contrastive.
 *
 * @param weight of the contrastive part, at least 0
 */
public record CrossEntropyWithContrastive(
    CrossEntropy crossEntropy, double weight, SupervisedContrastive contrastive) implements Loss {

  public CrossEntropyWithContrastive {
    if (!(weight >= 0)) {
      throw new IllegalArgumentException("weight must be at least 0, got " + weight);
    }
  }

  @Override
  public Tensor of(Batch batch) {
    return crossEntropy.of(batch).add(contrastive.of(batch).mul(new Scalar(weight)));
  }
}
