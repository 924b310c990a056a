package dev.likeness.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * scale · cos between features and one weight per class: a classifier that learns what retrieval by
 * cosine will ask (F. Wang et al., 2017, "NormFace").
 */
public final class CosineLogits {

  private CosineLogits() {}

  /**
   * @param features [N, dimension]
   * @param classWeights [classes, dimension]
   * @param scale above 0: how sharp the softmax can become
   * @return [N, classes]
   */
  public static Tensor of(Tensor features, Tensor classWeights, double scale) {
    return torch
        .matmul(Similarities.unitRows(features), Similarities.unitRows(classWeights).t())
        .mul(new Scalar(scale));
  }
}
