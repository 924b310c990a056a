package dev.likeness.training.finetune.spec;

/**
 * Everything that decides what a fine-tuning does. Equal specs on equal images and equal threads
 * give equal weights. {@link #of} has defaults that suit folders of hundreds of images.
 *
 * @param scope what is trained
 * @param objective the loss
 * @param labelSmoothing of the cross-entropy, [0, 1)
 * @param epochs of the scope, at least 1; an epoch sees as many images as are trained on
 * @param headEpochs epochs in which only the head is trained before a wider scope (LP→FT, A. Kumar
 *     et al., 2022), at least 0; without meaning where the scope is the head
 * @param seed of everything random
 */
public record FineTuneSpec(
    TrainedScope scope,
    Objective objective,
    double labelSmoothing,
    int epochs,
    int headEpochs,
    BatchShape batch,
    Optimization optimization,
    HeadSpec head,
    Averaging averaging,
    Augmentation augmentation,
    ValidationSplit validation,
    Execution execution,
    long seed) {

  private static final int MOST_EPOCHS = 100_000;

  public FineTuneSpec {
    if (epochs < 1 || epochs > MOST_EPOCHS || headEpochs < 0 || headEpochs > MOST_EPOCHS) {
      throw new IllegalArgumentException(
          "epochs must be in 1 to %d and head epochs in 0 to %d, got %d and %d"
              .formatted(MOST_EPOCHS, MOST_EPOCHS, epochs, headEpochs));
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing must be in [0, 1), got " + labelSmoothing);
    }
  }

  /** The defaults for a scope. */
  public static FineTuneSpec of(TrainedScope scope) {
    boolean headOnly = scope instanceof TrainedScope.Head;
    return new FineTuneSpec(
        scope,
        Objective.CROSS_ENTROPY_WITH_CONTRASTIVE,
        0.1,
        headOnly ? 30 : 8,
        headOnly ? 0 : 10,
        new BatchShape(8, 4),
        Optimization.defaults(),
        HeadSpec.defaults(),
        Averaging.defaults(),
        Augmentation.defaults(),
        ValidationSplit.defaults(),
        Execution.defaults(),
        1);
  }

  public FineTuneSpec withObjective(Objective loss) {
    return new FineTuneSpec(
        scope,
        loss,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        head,
        averaging,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withLabelSmoothing(double smoothing) {
    return new FineTuneSpec(
        scope,
        objective,
        smoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        head,
        averaging,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withEpochs(int count) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        count,
        headEpochs,
        batch,
        optimization,
        head,
        averaging,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withHeadEpochs(int count) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        count,
        batch,
        optimization,
        head,
        averaging,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withBatch(BatchShape shape) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        shape,
        optimization,
        head,
        averaging,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withOptimization(Optimization how) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        how,
        head,
        averaging,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withLearningRate(double rate) {
    return withOptimization(optimization.withLearningRate(rate));
  }

  public FineTuneSpec withHead(HeadSpec wanted) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        wanted,
        averaging,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withAveraging(Averaging means) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        head,
        means,
        augmentation,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withAugmentation(Augmentation changes) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        head,
        averaging,
        changes,
        validation,
        execution,
        seed);
  }

  public FineTuneSpec withValidation(ValidationSplit split) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        head,
        averaging,
        augmentation,
        split,
        execution,
        seed);
  }

  public FineTuneSpec withExecution(Execution machine) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        head,
        averaging,
        augmentation,
        validation,
        machine,
        seed);
  }

  public FineTuneSpec withSeed(long value) {
    return new FineTuneSpec(
        scope,
        objective,
        labelSmoothing,
        epochs,
        headEpochs,
        batch,
        optimization,
        head,
        averaging,
        augmentation,
        validation,
        execution,
        value);
  }
}
