package dev.likeness.trainer.grpc;

import dev.likeness.trainer.job.PromotionVerdict;
import dev.likeness.trainer.job.TrainingFigures;
import dev.likeness.trainer.v1.TrainingEpoch;
import dev.likeness.trainer.v1.ValidationScore;
import dev.likeness.training.finetune.EpochReport;

/** Messages of what a fine-tuning measured. Unknown values are left out. */
public final class FigureMessages {

  private FigureMessages() {}

  /** The message of where a fine-tuning stands. */
  public static dev.likeness.trainer.v1.TrainingFigures messageOf(TrainingFigures figures) {
    var message =
        dev.likeness.trainer.v1.TrainingFigures.newBuilder()
            .setEpoch(figures.epoch())
            .setEpochs(figures.epochs())
            .setStep(figures.step())
            .setStepsPerEpoch(figures.stepsPerEpoch());
    if (figures.loss() != null) {
      message.setLoss(figures.loss());
    }
    if (figures.validationScore() != null) {
      message.setValidationScore(figures.validationScore());
    }
    if (figures.imagesPerSecond() != null) {
      message.setImagesPerSecond(figures.imagesPerSecond());
    }
    if (figures.secondsLeft() != null) {
      message.setSecondsLeft(figures.secondsLeft());
    }
    return message.build();
  }

  /** The message of an epoch. */
  public static TrainingEpoch messageOf(EpochReport epoch) {
    TrainingEpoch.Builder message =
        TrainingEpoch.newBuilder()
            .setEpoch(epoch.epoch())
            .setStage(epoch.stage())
            .setLearningRate(epoch.learningRate())
            .setValidation(messageOf(epoch.validation()))
            .setBest(epoch.best());
    if (Double.isFinite(epoch.loss())) {
      message.setLoss(epoch.loss());
    }
    if (epoch.imagesPerSecond() != null) {
      message.setImagesPerSecond(epoch.imagesPerSecond());
    }
    return message.build();
  }

  /** The message of a validation. */
  static ValidationScore messageOf(dev.likeness.training.finetune.validate.ValidationScore score) {
    return ValidationScore.newBuilder()
        .setScore(score.score())
        .setTop1(score.top1())
        .setTop5(score.top5())
        .setTop10(score.top10())
        .setPrecisionAt10(score.precisionAt10())
        .setMapAt10(score.meanAveragePrecision())
        .setQueryCount(score.queries())
        .setGalleryCount(score.gallery())
        .build();
  }

  /** The message of a decision. */
  static dev.likeness.trainer.v1.PromotionVerdict messageOf(PromotionVerdict verdict) {
    return dev.likeness.trainer.v1.PromotionVerdict.newBuilder()
        .setPromoted(verdict.promoted())
        .setReason(verdict.reason())
        .setComparedWith(verdict.comparedWith())
        .setBefore(messageOf(verdict.before()))
        .setAfter(messageOf(verdict.after()))
        .setDifference(verdict.difference().mean())
        .setDifferenceLow(verdict.difference().low())
        .setDifferenceHigh(verdict.difference().high())
        .build();
  }
}
