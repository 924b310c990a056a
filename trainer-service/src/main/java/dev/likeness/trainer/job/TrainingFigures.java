package dev.likeness.trainer.job;

import org.jspecify.annotations.Nullable;

/**
 * Where a fine-tuning stands.
 *
 * @param epoch the epoch at work, from 1; 0 before the first
 * @param epochs epochs asked for
 * @param step steps of this epoch that are done
 * @param stepsPerEpoch steps of an epoch
 * @param loss newest mean loss; null before the first
 * @param validationScore newest validation score, 0 to 1000; null before the first
 * @param imagesPerSecond images trained per second; null while unknown
 * @param secondsLeft guess for all that is to come; null while unknown
 */
public record TrainingFigures(
    int epoch,
    int epochs,
    int step,
    int stepsPerEpoch,
    @Nullable Double loss,
    @Nullable Double validationScore,
    @Nullable Double imagesPerSecond,
    @Nullable Double secondsLeft) {

  /** Numbers that are none are unknown. */
  public TrainingFigures {
    loss = finite(loss);
    validationScore = finite(validationScore);
    imagesPerSecond = finite(imagesPerSecond);
    secondsLeft = finite(secondsLeft);
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }
}
