package dev.likeness.trainer.finetune;

import dev.likeness.trainer.job.Progress;
import dev.likeness.trainer.job.TrainingFigures;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.training.finetune.EpochReport;
import dev.likeness.training.finetune.FineTuneListener;
import dev.likeness.training.finetune.StopSignal;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine tells, handed on to the job, and the job's wish to stop, handed on to the engine.
 * Used by the thread that trains.
 */
final class FineTuneProgress implements FineTuneListener, StopSignal {

  /** Share of the job that the epochs take; publishing is the rest. */
  private static final double EPOCHS_SHARE = 0.95;

  private final JobContext context;
  private final int batchSize;
  private final LongSupplier nanoTime;

  private @Nullable Start start;
  private @Nullable JobInterruptedException interruption;
  private @Nullable Double loss;
  private @Nullable Double score;
  private @Nullable Double imagesPerSecond;
  private @Nullable Double secondsLeft;
  private int epochsDone;
  private int stepsDone;
  private int stepsAtLast;
  private long timeOfLast;
  private double share;

  FineTuneProgress(JobContext context, int batchSize, LongSupplier nanoTime) {
    this.context = context;
    this.batchSize = batchSize;
    this.nanoTime = nanoTime;
  }

  /** Why the job has to stop; null if it does not. */
  @Nullable JobInterruptedException interruption() {
    return interruption;
  }

  @Override
  public boolean requested() {
    tell(context::checkpoint);
    return interruption != null;
  }

  @Override
  public void onStart(Start started) {
    start = started;
    epochsDone = started.resumedAtEpoch();
    timeOfLast = nanoTime.getAsLong();
    tell(
        () -> {
          context.note(
              "training %,d of %,d numbers on %d images of %d classes, %d images held out"
                  .formatted(
                      started.trainedValues(),
                      started.allValues(),
                      started.trainImages(),
                      started.classes(),
                      started.validationImages()));
          if (started.resumedAtEpoch() > 0) {
            context.note(
                "went on after epoch %d from a checkpoint".formatted(started.resumedAtEpoch()));
          }
          for (String note : started.notes()) {
            context.note(note);
          }
          context.progress(progress("training"));
        });
  }

  @Override
  public void onProgress(String stage, double stageShare) {
    String text =
        String.format(Locale.ROOT, "%s, %.0f %%", stage, Math.clamp(stageShare, 0, 1) * 100);
    tell(() -> context.progress(progress(text)));
  }

  @Override
  public void onStep(Step step) {
    long now = nanoTime.getAsLong();
    int steps = step.step() - stepsAtLast;
    if (steps > 0 && now > timeOfLast) {
      imagesPerSecond = steps * batchSize / ((now - timeOfLast) / 1e9);
    }
    stepsAtLast = step.step();
    timeOfLast = now;
    epochsDone = step.epoch() - 1;
    stepsDone = step.step();
    loss = step.loss();
    guessTheRest();
    Progress progress = progress("training");
    TrainingFigures figures = progress.figures();
    if (figures != null) {
      tell(() -> context.finishSteps(figures, progress));
    }
  }

  @Override
  public void onEpoch(EpochReport epoch) {
    epochsDone = epoch.epoch();
    stepsDone = 0;
    stepsAtLast = 0;
    loss = epoch.loss();
    score = epoch.validation().score();
    imagesPerSecond = epoch.imagesPerSecond();
    secondsLeft = epoch.secondsLeft();
    tell(() -> context.finishEpoch(epoch, epochs(), progress("training")));
    timeOfLast = nanoTime.getAsLong();
  }

  /** A job that has to stop saves where it is, and that counts: it is told even then. */
  @Override
  public void onCheckpoint(Checkpoint checkpoint) {
    if (start == null) {
      return;
    }
    long stepsOfWholeEpochs = (checkpoint.epoch() - 1L) * start.stepsPerEpoch();
    try {
      context.saved(stepsOfWholeEpochs + checkpoint.step());
    } catch (JobInterruptedException e) {
      interruption = interruption == null ? e : interruption;
    }
  }

  private void guessTheRest() {
    if (start != null && imagesPerSecond != null && imagesPerSecond > 0) {
      double stepsLeft = (double) (start.epochs() - epochsDone) * start.stepsPerEpoch() - stepsDone;
      secondsLeft = Math.max(0, stepsLeft) * batchSize / imagesPerSecond;
    }
  }

  private int epochs() {
    return start == null ? 0 : start.epochs();
  }

  private Progress progress(String stage) {
    if (start == null) {
      return new Progress(stage, share);
    }
    double epochs = epochsDone + (double) stepsDone / Math.max(1, start.stepsPerEpoch());
    share = Math.max(share, Math.clamp(epochs / start.epochs(), 0, 1) * EPOCHS_SHARE);
    return new Progress(
        stage,
        share,
        new TrainingFigures(
            Math.min(epochsDone + 1, start.epochs()),
            start.epochs(),
            stepsDone,
            start.stepsPerEpoch(),
            loss,
            score,
            imagesPerSecond,
            secondsLeft));
  }

  /** A telling that fails because the job has to stop is remembered until the engine asks. */
  private void tell(Telling telling) {
    if (interruption == null) {
      try {
        telling.run();
      } catch (JobInterruptedException e) {
        interruption = e;
      }
    }
  }

  @FunctionalInterface
  private interface Telling {
    void run() throws JobInterruptedException;
  }
}
