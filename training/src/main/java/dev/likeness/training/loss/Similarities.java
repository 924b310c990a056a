package dev.likeness.training.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What several losses are made of. */
final class Similarities {

  private static final double SMALLEST_LENGTH = 1e-12;
  private static final long MEAN = 1;
  private static final long NO_IGNORED_CLASS = -100;

  private Similarities() {}

  /** Rows of length 1. */
  static Tensor unitRows(Tensor rows) {
    Tensor length =
        torch.linalg_vector_norm(
            rows, new Scalar(2.0), new long[] {1}, true, new ScalarTypeOptional());
    return rows.div(length.clamp_min(new Scalar(SMALLEST_LENGTH)));
  }

  /** Mean of −log softmax at the target. */
  static Tensor crossEntropy(Tensor logits, Tensor target, double smoothing) {
    return torch.cross_entropy_loss(
        logits, target, new TensorOptional(), MEAN, NO_IGNORED_CLASS, smoothing);
  }

  /** Whether two rows have one label, [N, N]; the diagonal is true. */
  static Tensor sameLabel(Batch batch) {
    Tensor labels = batch.labelTensor();
    return labels.unsqueeze(0).eq(labels.unsqueeze(1));
  }

  /** True on the diagonal, [N, N]. */
  static Tensor self(Batch batch) {
    Tensor position = torch.arange(new Scalar((long) batch.size()));
    return position
        .unsqueeze(0)
        .eq(position.unsqueeze(1))
        .to(batch.features().device(), ScalarType.Bool);
  }
}
