package dev.likeness.training.pretrain;

import dev.likeness.evaluation.sample.SampleOptions;
import dev.likeness.evaluation.sample.Style;
import dev.likeness.evaluation.sample.SubjectKind;
import dev.likeness.training.finetune.spec.Augmentation;
import dev.likeness.training.finetune.spec.Averaging;
import dev.likeness.training.finetune.spec.BatchShape;
import dev.likeness.training.finetune.spec.Execution;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.HeadSpec;
import dev.likeness.training.finetune.spec.Optimization;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.finetune.spec.ValidationSplit;
import java.util.List;

/**
 * How the built-in encoder is trained. Four-legged animals and pencil drawings are left out, so
 * that there is something to measure it on that it has never seen.
 *
 * @param identities classes that are drawn
 * @param imagesPerIdentity the styles in turn
 * @param epochs over all of them
 * @param seed of images, weights and order
 */
record Recipe(int identities, int imagesPerIdentity, int epochs, long seed) {

  /** The one that the built-in weights were made by. */
  static final Recipe DEFAULT = new Recipe(900, 16, 5, 20_260_101);

  /** Some of them are held out, and a batch is of 16. */
  static final int FEWEST_IDENTITIES = 40;

  private static final List<SubjectKind> KINDS =
      List.of(
          SubjectKind.PEOPLE,
          SubjectKind.HOUSES,
          SubjectKind.VEHICLES,
          SubjectKind.PLANTS,
          SubjectKind.LANDSCAPES,
          SubjectKind.ORNAMENTS);
  private static final List<Style> STYLES =
      List.of(Style.PHOTO, Style.DRAWING, Style.POSTER, Style.MOSAIC);

  /** A little larger than what the network sees. */
  private static final int PIXELS = 128;

  /** Bytes of the heap for decoded images. */
  private static final long CACHE = 1L << 30;

  SampleOptions images() {
    return new SampleOptions(identities, imagesPerIdentity, 1, 1, PIXELS, seed, KINDS, STYLES);
  }

  FineTuneSpec training(int threads) {
    Execution machine = Execution.defaults();
    return FineTuneSpec.of(TrainedScope.parse("all"))
        .withHeadEpochs(0)
        .withEpochs(epochs)
        .withBatch(new BatchShape(16, 4))
        .withOptimization(new Optimization(0.003, 1, 1, 0.05, 0.1, 1, 5, true, 0))
        .withHead(new HeadSpec(null, 0, false))
        .withAveraging(new Averaging(0.99, false))
        .withAugmentation(new Augmentation(0.4, 0.5, 0.4, 0.2, 0.1, 0.2, 0.2))
        .withValidation(new ValidationSplit(ValidationSplit.By.CLASS, 0.05, epochs))
        .withExecution(
            new Execution(
                machine.device(),
                threads,
                machine.bfloat16(),
                machine.activationCheckpointing(),
                CACHE))
        .withSeed(seed);
  }
}
