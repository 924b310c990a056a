package dev.likeness.training.finetune.spec;

import java.util.function.Consumer;

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
        headOnly ? 30 : 20,
        headOnly ? 0 : 10,
        new BatchShape(8, 4),
        Optimization.defaults(),
        HeadSpec.defaults(),
        Averaging.defaults(),
        Augmentation.defaults(),
        headOnly ? ValidationSplit.forHead() : ValidationSplit.forNetwork(),
        Execution.defaults(),
        1);
  }

  public FineTuneSpec withObjective(Objective loss) {
    return with(fields -> fields.objective = loss);
  }

  public FineTuneSpec withLabelSmoothing(double smoothing) {
    return with(fields -> fields.labelSmoothing = smoothing);
  }

  public FineTuneSpec withEpochs(int count) {
    return with(fields -> fields.epochs = count);
  }

  public FineTuneSpec withHeadEpochs(int count) {
    return with(fields -> fields.headEpochs = count);
  }

  public FineTuneSpec withBatch(BatchShape shape) {
    return with(fields -> fields.batch = shape);
  }

  public FineTuneSpec withOptimization(Optimization how) {
    return with(fields -> fields.optimization = how);
  }

  public FineTuneSpec withLearningRate(double rate) {
    return withOptimization(optimization.withLearningRate(rate));
  }

  public FineTuneSpec withHead(HeadSpec wanted) {
    return with(fields -> fields.head = wanted);
  }

  public FineTuneSpec withAveraging(Averaging means) {
    return with(fields -> fields.averaging = means);
  }

  public FineTuneSpec withAugmentation(Augmentation changes) {
    return with(fields -> fields.augmentation = changes);
  }

  public FineTuneSpec withValidation(ValidationSplit split) {
    return with(fields -> fields.validation = split);
  }

  public FineTuneSpec withExecution(Execution machine) {
    return with(fields -> fields.execution = machine);
  }

  public FineTuneSpec withSeed(long value) {
    return with(fields -> fields.seed = value);
  }

  private FineTuneSpec with(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return fields.build();
  }

  /** The components while one of them is changed. */
  private static final class Fields {
    private TrainedScope scope;
    private Objective objective;
    private double labelSmoothing;
    private int epochs;
    private int headEpochs;
    private BatchShape batch;
    private Optimization optimization;
    private HeadSpec head;
    private Averaging averaging;
    private Augmentation augmentation;
    private ValidationSplit validation;
    private Execution execution;
    private long seed;

    Fields(FineTuneSpec start) {
      scope = start.scope;
      objective = start.objective;
      labelSmoothing = start.labelSmoothing;
      epochs = start.epochs;
      headEpochs = start.headEpochs;
      batch = start.batch;
      optimization = start.optimization;
      head = start.head;
      averaging = start.averaging;
      augmentation = start.augmentation;
      validation = start.validation;
      execution = start.execution;
      seed = start.seed;
    }

    FineTuneSpec build() {
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
          seed);
    }
  }
}
