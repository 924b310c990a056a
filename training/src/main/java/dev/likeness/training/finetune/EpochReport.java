package dev.likeness.training.finetune;

import dev.likeness.training.finetune.validate.ValidationScore;
import org.jspecify.annotations.Nullable;

/**
 * An epoch in numbers.
 *
 * @param epoch from 1, over all stages
 * @param stage {@code head} or what {@code TrainedScope.text()} says
 * @param loss mean over the epoch's steps
 * @param learningRate of the head at the end
 * @param validation of the weights after it, or of their running mean where one is kept
 * @param best whether it is the best so far
 * @param imagesPerSecond trained on, without validation; null where this run did not do all of it
 * @param secondsLeft guess for all epochs to come; null where nothing is known yet
 */
public record EpochReport(
    int epoch,
    String stage,
    double loss,
    double learningRate,
    ValidationScore validation,
    boolean best,
    @Nullable Double imagesPerSecond,
    @Nullable Double secondsLeft) {}
