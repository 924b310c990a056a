package dev.likeness.training.finetune;

import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.Parameter;
import dev.likeness.training.finetune.data.Randomness;
import dev.likeness.training.finetune.network.BlockwisePass;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.finetune.schedule.CosineSchedule;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.Optimization;
import dev.likeness.training.loss.Batch;
import dev.likeness.training.loss.CosineLogits;
import dev.likeness.training.loss.Loss;
import dev.likeness.training.optimizer.Optimizer;
import dev.likeness.training.torch.Autocast;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** One step: forward, loss, backward; and the update of the weights. Owned by one thread. */
final class StepEngine {

  /** How sharp the softmax over cosines can become. */
  private static final double LOGIT_SCALE = 16;

  private final Network network;
  private final FineTuneSpec spec;
  private final Loss loss;
  private final Optimizer optimizer;
  private final CosineSchedule schedule;
  private final double headShare;

  /**
   * @param headShare share of the rate that the head gets
   */
  StepEngine(
      Network network,
      FineTuneSpec spec,
      Optimizer optimizer,
      CosineSchedule schedule,
      double headShare) {
    this.headShare = headShare;
    this.network = network;
    this.spec = spec;
    this.loss = spec.objective().loss(spec.labelSmoothing());
    this.optimizer = optimizer;
    this.schedule = schedule;
  }

  /**
   * Adds a batch's gradients.
   *
   * @param from tensor that the values are of
   * @param weight share of this batch in the update
   * @param position of the step, for what is random in it
   * @return the loss, possibly no number; gradients are useless then
   */
  double gradients(
      String from, float[] values, long[] shape, long[] labels, double weight, long... position) {
    try (TorchScope scope = TorchScope.training()) {
      Tensor input = network.parameters().placed(Tensors.of(values, shape, FloatType.FLOAT32));
      if (from.equals(network.pooled())) {
        return backward(run(from, input, network.output(), Mode.EVAL), labels, weight, position);
      }
      Tensor frozen = run(from, input, network.trainedFrom(), Mode.EVAL);
      double rate = spec.optimization().stochasticDepth();
      if (rate > 0) {
        network.scaleBranches(new StochasticDepth(rate, labels.length, spec.seed(), position));
      }
      try {
        return throughTrained(frozen, labels, weight, position);
      } finally {
        network.scaleBranches(null);
      }
    }
  }

  private double throughTrained(Tensor frozen, long[] labels, double weight, long... position) {
    if (spec.execution().activationCheckpointing()) {
      try (Autocast cast = Autocast.bfloat16(spec.execution().bfloat16())) {
        return new BlockwisePass(network, mode())
            .gradients(frozen, features -> backward(features, labels, weight, position));
      }
    }
    Tensor features = run(network.trainedFrom(), frozen, network.output(), mode());
    return backward(features, labels, weight, position);
  }

  /** Frozen parts keep their statistics. */
  private Mode mode() {
    return spec.optimization().batchStatistics() ? Mode.TRAIN : Mode.EVAL;
  }

  private Tensor run(String from, Tensor values, String to, Mode mode) {
    try (Autocast cast = Autocast.bfloat16(spec.execution().bfloat16())) {
      return network.run(from, values, to, mode);
    }
  }

  /** The loss of the vectors, always in float32, and backward through it. */
  private double backward(Tensor vectors, long[] labels, double weight, long... position) {
    try (Autocast plain = Autocast.bfloat16(false)) {
      return backwardInFull(vectors, labels, weight, position);
    }
  }

  private double backwardInFull(Tensor vectors, long[] labels, double weight, long... position) {
    Tensor features = vectors.to(FloatType.FLOAT32.scalarType());
    Batch batch = Batch.of(features, labels);
    if (spec.objective().needsClasses()) {
      Tensor classes = network.parameters().find(Network.CLASSIFIER).orElseThrow().tensor();
      Tensor kept = spec.head().dropout() > 0 ? dropped(features, position) : features;
      batch =
          batch.withLogits(CosineLogits.of(kept, classes, LOGIT_SCALE)).withClassWeights(classes);
    }
    Tensor value = loss.of(batch);
    double number = value.item_double();
    if (Double.isFinite(number)) {
      value.mul(new Scalar(weight)).backward();
    }
    return number;
  }

  private Tensor dropped(Tensor features, long... position) {
    SplittableRandom random = Randomness.of(spec.seed(), "dropout", position);
    float[] mask = new float[Math.toIntExact(features.numel())];
    float kept = (float) (1 / (1 - spec.head().dropout()));
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < spec.head().dropout() ? 0 : kept;
    }
    Tensor scale = Tensors.of(mask, Tensors.shape(features), FloatType.FLOAT32);
    return features.mul(network.parameters().placed(scale));
  }

  /**
   * Moves the weights by the gradients added up.
   *
   * @param update number of it in the stage, from 0
   * @return false if a gradient is no number; nothing was moved then
   */
  boolean update(long update) {
    if (!clip()) {
      return false;
    }
    double rate = schedule.rate(update);
    optimizer.step(parameter -> rate * share(parameter));
    network.parameters().clearGradients();
    return true;
  }

  /** The head's rate. */
  double rate(long update) {
    return schedule.rate(update) * headShare;
  }

  private double share(Parameter parameter) {
    Optimization how = spec.optimization();
    return network
        .blocksFromEnd(parameter)
        .map(blocks -> how.backboneShare() * Math.pow(how.layerDecay(), blocks))
        .orElse(headShare);
  }

  private boolean clip() {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      List<Tensor> gradients =
          network.parameters().trainable().stream().flatMap(p -> p.gradient().stream()).toList();
      double squares = 0;
      for (Tensor gradient : gradients) {
        double length = gradient.norm().item_double();
        squares += length * length;
      }
      double length = Math.sqrt(squares);
      if (!Double.isFinite(length)) {
        return false;
      }
      if (length > spec.optimization().clipNorm()) {
        Scalar factor = new Scalar(spec.optimization().clipNorm() / length);
        for (Tensor gradient : gradients) {
          Tensor unused = gradient.mul_(factor);
        }
      }
      return true;
    }
  }
}
