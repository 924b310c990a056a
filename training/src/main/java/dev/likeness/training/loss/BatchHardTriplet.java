package dev.likeness.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A. Hermans et al., 2017, "In defense of the triplet loss": for each anchor the farthest positive
 * and the nearest negative, mean of max(0, d⁺ − d⁻ + margin) over anchors that have both. Distances
 * between unit vectors. Takes N² · dimension values of memory, because differences are exact where
 * 2 − 2cos is not.
 *
 * @param margin above 0
 */
public record BatchHardTriplet(double margin) implements Loss {

  private static final double SMALLEST_SQUARE = 1e-12;

  public BatchHardTriplet {
    if (!(margin > 0)) {
      throw new IllegalArgumentException("margin must be above 0, got " + margin);
    }
  }

  @Override
  public Tensor of(Batch batch) {
    Tensor z = Similarities.unitRows(batch.features());
    Tensor difference = z.unsqueeze(1).sub(z.unsqueeze(0));
    Tensor square =
        torch.sum(difference.mul(difference), new long[] {2}, false, new ScalarTypeOptional());
    Tensor distance = square.clamp_min(new Scalar(SMALLEST_SQUARE)).sqrt();

    Tensor same = Similarities.sameLabel(batch);
    Tensor positive = same.masked_fill(Similarities.self(batch), new Scalar(0.0));
    Tensor farthest =
        torch.amax(
            distance.masked_fill(positive.logical_not(), new Scalar(Double.NEGATIVE_INFINITY)),
            new long[] {1},
            false);
    Tensor nearest =
        torch.amin(
            distance.masked_fill(same, new Scalar(Double.POSITIVE_INFINITY)),
            new long[] {1},
            false);
    // Without a positive or a negative the hinge is −∞, which counts as no anchor.
    Tensor gap = farthest.sub(nearest).add(new Scalar(margin));
    Tensor anchors = torch.sum(torch.isfinite(gap));
    if (anchors.item_long() == 0) {
      throw new IllegalArgumentException(
          "no image of the batch has both a positive and a negative; draw several classes and at"
              + " least two images of each");
    }
    return torch.sum(torch.relu(gap)).div(anchors);
  }
}
