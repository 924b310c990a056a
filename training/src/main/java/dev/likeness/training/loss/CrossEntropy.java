package dev.likeness.training.loss;

import org.bytedeco.pytorch.Tensor;

/**
 * Mean of −log softmax of the right class.
 *
 * @param smoothing share of the target that is spread over all classes, [0, 1)
 */
public record CrossEntropy(double smoothing) implements Loss {

  public CrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException("smoothing must be in [0, 1), got " + smoothing);
    }
  }

  @Override
  public Tensor of(Batch batch) {
    return Similarities.crossEntropy(batch.logits(), batch.labelTensor(), smoothing);
  }
}
