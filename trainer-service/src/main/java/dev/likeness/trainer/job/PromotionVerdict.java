package dev.likeness.trainer.job;

import dev.likeness.training.finetune.validate.ScoreDifference;
import dev.likeness.training.finetune.validate.ValidationScore;
import org.jspecify.annotations.Nullable;

/**
 * Whether a published version took over its name, and what that was decided on.
 *
 * @param promoted whether it did
 * @param previousVersion the version that served the name before; null if none did
 * @param reason why, in a sentence
 * @param comparedWith the version it was compared with, such as {@code resnet50/3}
 * @param before validation of that version
 * @param after validation of the new version, on the same images
 * @param difference of the two, query by query
 */
public record PromotionVerdict(
    boolean promoted,
    @Nullable Integer previousVersion,
    String reason,
    String comparedWith,
    ValidationScore before,
    ValidationScore after,
    ScoreDifference difference) {}
