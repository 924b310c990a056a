package dev.likeness.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * J. Deng et al., 2019, "ArcFace": cross-entropy of scale · cos θ, with cos(θ + margin) for the
 * right class while θ + margin stays below π, and cos θ − margin · sin(margin) beyond.
 *
 * @param scale s, above 0
 * @param margin m in radians, in [0, π/2)
 */
public record ArcFace(double scale, double margin) implements Loss {

  private static final double SMALLEST_SQUARED_SINE = 1e-7;

  public ArcFace {
    if (!(scale > 0) || !(margin >= 0 && margin < Math.PI / 2)) {
      throw new IllegalArgumentException(
          "scale must be above 0 and margin in [0, π/2), got %s and %s".formatted(scale, margin));
    }
  }

  @Override
  public Tensor of(Batch batch) {
    Tensor classes = Similarities.unitRows(batch.classWeights());
    Tensor cosine =
        torch
            .matmul(Similarities.unitRows(batch.features()), classes.t())
            .clamp_min(new Scalar(-1.0))
            .clamp_max(new Scalar(1.0));
    Tensor squaredSine = cosine.mul(cosine).neg().add(new Scalar(1.0));
    Tensor sine = squaredSine.clamp_min(new Scalar(SMALLEST_SQUARED_SINE)).sqrt();
    Tensor turned =
        cosine.mul(new Scalar(Math.cos(margin))).sub(sine.mul(new Scalar(Math.sin(margin))));
    Tensor beyond = cosine.sub(new Scalar(margin * Math.sin(Math.PI - margin)));
    Tensor within = cosine.gt(new Scalar(Math.cos(Math.PI - margin)));
    Tensor target = torch.where(within, turned, beyond);

    Tensor labels = batch.labelTensor();
    Tensor right =
        torch
            .arange(new Scalar(classes.size(0)))
            .to(labels.device(), ScalarType.Long)
            .unsqueeze(0)
            .eq(labels.unsqueeze(1));
    Tensor logits = torch.where(right, target, cosine).mul(new Scalar(scale));
    return Similarities.crossEntropy(logits, labels, 0);
  }
}
