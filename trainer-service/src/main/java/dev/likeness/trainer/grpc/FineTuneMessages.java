package dev.likeness.trainer.grpc;

import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.training.finetune.spec.Augmentation;
import dev.likeness.training.finetune.spec.Averaging;
import dev.likeness.training.finetune.spec.BatchShape;
import dev.likeness.training.finetune.spec.Device;
import dev.likeness.training.finetune.spec.Execution;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.HeadSpec;
import dev.likeness.training.finetune.spec.Objective;
import dev.likeness.training.finetune.spec.Optimization;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.finetune.spec.ValidationSplit;
import java.util.Locale;
import java.util.function.Supplier;

/** Between the message of a fine-tuning and its spec, both ways. */
final class FineTuneMessages {

  private static final String PREFIX = "spec.fine_tune.";

  private FineTuneMessages() {}

  /**
   * The method, with its defaults filled in.
   *
   * @throws InvalidJobException if a field breaks its rule
   */
  static Method.FineTune methodOf(FineTuneMethod message, long seed) {
    TrainedScope scope =
        field(
            "train",
            () -> TrainedScope.parse(message.getTrain().isEmpty() ? "head" : message.getTrain()));
    FineTuneSpec spec = FineTuneSpec.of(scope).withSeed(seed);
    if (!message.getLoss().isEmpty()) {
      Objective objective = field("loss", () -> Objective.parse(message.getLoss()));
      spec = spec.withObjective(objective);
    }
    spec = withLengths(spec, message);
    if (message.hasLabelSmoothing()) {
      FineTuneSpec before = spec;
      spec = field("label_smoothing", () -> before.withLabelSmoothing(message.getLabelSmoothing()));
    }
    return new Method.FineTune(
        spec.withBatch(batch(spec.batch(), message))
            .withOptimization(optimization(spec.optimization(), message))
            .withHead(head(spec.head(), message))
            .withAveraging(averaging(spec.averaging(), message))
            .withAugmentation(augmentation(spec.augmentation(), message))
            .withValidation(validation(spec.validation(), message))
            .withExecution(execution(message)));
  }

  private static FineTuneSpec withLengths(FineTuneSpec spec, FineTuneMethod message) {
    FineTuneSpec result = spec;
    if (message.hasEpochs()) {
      result = field("epochs", () -> spec.withEpochs(message.getEpochs()));
    }
    if (message.hasHeadEpochs()) {
      FineTuneSpec before = result;
      result = field("head_epochs", () -> before.withHeadEpochs(message.getHeadEpochs()));
    }
    return result;
  }

  private static BatchShape batch(BatchShape usual, FineTuneMethod message) {
    int classes = message.hasClassesPerBatch() ? message.getClassesPerBatch() : usual.classes();
    int images = message.hasImagesPerClass() ? message.getImagesPerClass() : usual.images();
    return field(
        message.hasClassesPerBatch() ? "classes_per_batch" : "images_per_class",
        () -> new BatchShape(classes, images));
  }

  private static Optimization optimization(Optimization usual, FineTuneMethod message) {
    Optimization result = usual;
    if (message.hasLearningRate()) {
      result = field("learning_rate", () -> usual.withLearningRate(message.getLearningRate()));
    }
    if (message.hasBackboneShare()) {
      Optimization before = result;
      result = field("backbone_share", () -> before.withBackboneShare(message.getBackboneShare()));
    }
    if (message.hasLayerDecay()) {
      Optimization before = result;
      result = field("layer_decay", () -> before.withLayerDecay(message.getLayerDecay()));
    }
    if (message.hasWeightDecay()) {
      Optimization before = result;
      result = field("weight_decay", () -> before.withWeightDecay(message.getWeightDecay()));
    }
    if (message.hasAccumulation()) {
      Optimization before = result;
      result = field("accumulation", () -> before.withAccumulation(message.getAccumulation()));
    }
    if (message.hasStochasticDepth()) {
      Optimization before = result;
      result =
          field("stochastic_depth", () -> before.withStochasticDepth(message.getStochasticDepth()));
    }
    return result;
  }

  private static HeadSpec head(HeadSpec usual, FineTuneMethod message) {
    Integer dimension =
        message.hasProjectionDimension()
            ? Integer.valueOf(message.getProjectionDimension())
            : usual.projectionDimension();
    Integer ownForZero = dimension != null && dimension == 0 ? null : dimension;
    double dropout = message.hasDropout() ? message.getDropout() : usual.dropout();
    return field(
        message.hasDropout() ? "dropout" : "projection_dimension",
        () -> new HeadSpec(ownForZero, dropout, usual.trainedGemPower()));
  }

  private static Averaging averaging(Averaging usual, FineTuneMethod message) {
    double decay = message.hasEmaDecay() ? message.getEmaDecay() : usual.emaDecay();
    boolean mixed = message.hasMixWithStart() ? message.getMixWithStart() : usual.withStart();
    return field("ema_decay", () -> new Averaging(decay, mixed));
  }

  private static Augmentation augmentation(Augmentation usual, FineTuneMethod message) {
    return message.hasAugmentation() && !message.getAugmentation() ? Augmentation.none() : usual;
  }

  private static ValidationSplit validation(ValidationSplit usual, FineTuneMethod message) {
    ValidationSplit.By by =
        switch (message.getValidationBy()) {
          case "" -> usual.by();
          case "image" -> ValidationSplit.By.IMAGE;
          case "class" -> ValidationSplit.By.CLASS;
          default ->
              throw new InvalidJobException(
                  PREFIX + "validation_by",
                  "validation_by: what is held out is one of image, class; got '%s'"
                      .formatted(message.getValidationBy()));
        };
    double share = message.hasValidationShare() ? message.getValidationShare() : usual.share();
    int patience = message.hasPatienceEpochs() ? message.getPatienceEpochs() : usual.patience();
    return field(
        message.hasPatienceEpochs() ? "patience_epochs" : "validation_share",
        () -> new ValidationSplit(by, share, patience));
  }

  /** Threads and cache are the worker's, so they do not belong to what was asked for. */
  private static Execution execution(FineTuneMethod message) {
    Device device =
        field(
            "device",
            () -> Device.parse(message.getDevice().isEmpty() ? "auto" : message.getDevice()));
    return new Execution(device, 1, message.getBfloat16(), message.getActivationCheckpointing(), 0);
  }

  private static <T> T field(String name, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException(PREFIX + name, name + ": " + e.getMessage());
    }
  }

  /** The message of a method, with every value. */
  static FineTuneMethod messageOf(Method.FineTune method) {
    FineTuneSpec spec = method.spec();
    Optimization optimization = spec.optimization();
    Integer dimension = spec.head().projectionDimension();
    return FineTuneMethod.newBuilder()
        .setTrain(spec.scope().text())
        .setLoss(spec.objective().text())
        .setEpochs(spec.epochs())
        .setHeadEpochs(spec.headEpochs())
        .setLearningRate(optimization.learningRate())
        .setClassesPerBatch(spec.batch().classes())
        .setImagesPerClass(spec.batch().images())
        .setLabelSmoothing(spec.labelSmoothing())
        .setBackboneShare(optimization.backboneShare())
        .setLayerDecay(optimization.layerDecay())
        .setWeightDecay(optimization.weightDecay())
        .setAccumulation(optimization.accumulation())
        .setStochasticDepth(optimization.stochasticDepth())
        .setProjectionDimension(dimension == null ? 0 : dimension)
        .setDropout(spec.head().dropout())
        .setEmaDecay(spec.averaging().emaDecay())
        .setMixWithStart(spec.averaging().withStart())
        .setAugmentation(spec.augmentation().changes())
        .setValidationBy(spec.validation().by().name().toLowerCase(Locale.ROOT))
        .setValidationShare(spec.validation().share())
        .setPatienceEpochs(spec.validation().patience())
        .setDevice(spec.execution().device().name().toLowerCase(Locale.ROOT))
        .setBfloat16(spec.execution().bfloat16())
        .setActivationCheckpointing(spec.execution().activationCheckpointing())
        .build();
  }
}
