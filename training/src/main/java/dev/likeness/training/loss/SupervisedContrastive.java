package dev.likeness.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * P. Khosla et al., 2020, "Supervised contrastive learning", the sum outside of the logarithm:
 * −1/|P(i)| Σ log(exp(z_i·z_p/t) / Σ_{a≠i} exp(z_i·z_a/t)), the mean over all anchors i that have a
 * positive. Features are normalised here.
 *
 * @param temperature t, above 0
 */
public record SupervisedContrastive(double temperature) implements Loss {

  public static final double DEFAULT_TEMPERATURE = 0.07;

  public SupervisedContrastive {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0, got " + temperature);
    }
  }

  @Override
  public Tensor of(Batch batch) {
    Tensor z = Similarities.unitRows(batch.features());
    Tensor similarity = torch.matmul(z, z.t()).div(new Scalar(temperature));
    Tensor self = Similarities.self(batch);
    Tensor others = similarity.masked_fill(self, new Scalar(Double.NEGATIVE_INFINITY));
    Tensor logShare = similarity.sub(torch.logsumexp(others, new long[] {1}, true));

    Tensor positive = Similarities.sameLabel(batch).masked_fill(self, new Scalar(0.0));
    Tensor count = torch.sum(positive, 1);
    if (torch.sum(count).item_long() == 0) {
      throw new IllegalArgumentException(
          "no two images of the batch are of one class; draw at least two of each");
    }
    Tensor sums = torch.sum(logShare.mul(positive), 1);
    Tensor means = sums.div(count.clamp_min(new Scalar(1L)));
    Tensor anchors = torch.sum(count.gt(new Scalar(0.0)));
    return torch.sum(means).div(anchors).neg();
  }
}
