package dev.likeness.training.loss;

import dev.likeness.training.torch.Tensors;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Between two styles of the same things: row i of the batch's first half belongs to row i of its
 * second half. Cross-entropy of S = a·bᵀ/t along rows and along columns, the mean of both (A. van
 * den Oord et al., 2018; symmetric as in CLIP). Labels are not read.
 *
 * @param temperature t, above 0
 */
public record StyleInfoNce(double temperature) implements Loss {

  public StyleInfoNce {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0, got " + temperature);
    }
  }

  @Override
  public Tensor of(Batch batch) {
    if (batch.size() % 2 != 0) {
      throw new IllegalArgumentException(
          "two styles need a batch of even size, got " + batch.size());
    }
    long pairs = batch.size() / 2;
    Tensor z = Similarities.unitRows(batch.features());
    Tensor first = z.narrow(0, 0, pairs);
    Tensor second = z.narrow(0, pairs, pairs);
    Tensor similarity = torch.matmul(first, second.t()).div(new Scalar(temperature));
    Tensor partner =
        Tensors.of(LongStream.range(0, pairs).toArray(), pairs).to(z.device(), ScalarType.Long);
    return Similarities.crossEntropy(similarity, partner, 0)
        .add(Similarities.crossEntropy(similarity.t(), partner, 0))
        .div(new Scalar(2.0));
  }
}
