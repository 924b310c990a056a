package dev.likeness.training.pretrain;

import dev.likeness.training.finetune.EpochReport;
import dev.likeness.training.finetune.FineTuneListener;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Says how far a training is, a line at a time. */
final class Narration implements FineTuneListener, IntConsumer {

  private static final int IMAGES_PER_LINE = 1000;

  private final PrintStream out;

  Narration(PrintStream out) {
    this.out = out;
  }

  /** So many images are drawn. */
  @Override
  public void accept(int drawn) {
    if (drawn % IMAGES_PER_LINE == 0) {
      out.printf("%d images drawn%n", drawn);
    }
  }

  @Override
  public void onStart(Start start) {
    out.printf(
        Locale.ROOT,
        "Training %,d values on %d images of %d classes; %d images are held out%n",
        start.trainedValues(),
        start.trainImages(),
        start.classes(),
        start.validationImages());
    if (start.resumedAtEpoch() > 0) {
      out.printf("Going on after epoch %d%n", start.resumedAtEpoch());
    }
  }

  @Override
  public void onStep(Step step) {
    out.printf(
        Locale.ROOT,
        "epoch %d, step %d of %d, loss %.3f%n",
        step.epoch(),
        step.step(),
        step.stepsPerEpoch(),
        step.loss());
  }

  @Override
  public void onEpoch(EpochReport epoch) {
    Double speed = epoch.imagesPerSecond();
    out.printf(
        Locale.ROOT,
        "epoch %d: loss %.3f, score %.0f, P@10 %.3f%s%n",
        epoch.epoch(),
        epoch.loss(),
        epoch.validation().score(),
        epoch.validation().precisionAt10(),
        speed == null ? "" : String.format(Locale.ROOT, ", %.0f images/s", speed));
  }
}
