package dev.likeness.training.loss;

import dev.likeness.training.torch.Tensors;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** What the network made of a batch, with the truth. Lives as long as its tensors' scope. */
public final class Batch {

  private final Tensor features;
  private final @Nullable Tensor logits;
  private final @Nullable Tensor classWeights;
  private final long[] labels;

  private Batch(
      Tensor features, @Nullable Tensor logits, @Nullable Tensor classWeights, long[] labels) {
    this.features = features;
    this.logits = logits;
    this.classWeights = classWeights;
    this.labels = labels;
  }

  /**
   * @param features [N, dimension], not normalised
   * @param labels class of each row, from 0
   */
  public static Batch of(Tensor features, long... labels) {
    if (features.ndimension() != 2 || features.size(0) != labels.length || labels.length == 0) {
      throw new IllegalArgumentException(
          "features must be [%d, dimension] for %d labels, got %s"
              .formatted(labels.length, labels.length, Arrays.toString(Tensors.shape(features))));
    }
    return new Batch(features, null, null, labels.clone());
  }

  /**
   * @param values the classifier's output, [N, classes]
   */
  public Batch withLogits(Tensor values) {
    return new Batch(features, values, classWeights, labels);
  }

  /**
   * @param weights one row per class, [classes, dimension]
   */
  public Batch withClassWeights(Tensor weights) {
    return new Batch(features, logits, weights, labels);
  }

  public int size() {
    return labels.length;
  }

  Tensor features() {
    return features;
  }

  Tensor logits() {
    return Optional.ofNullable(logits)
        .orElseThrow(
            () ->
                new IllegalArgumentException("this loss needs a classifier; add one to the head"));
  }

  Tensor classWeights() {
    return Optional.ofNullable(classWeights)
        .orElseThrow(() -> new IllegalArgumentException("this loss needs a weight per class"));
  }

  long[] labels() {
    return labels.clone();
  }

  Tensor labelTensor() {
    return Tensors.of(labels, labels.length).to(features.device(), ScalarType.Long);
  }
}
