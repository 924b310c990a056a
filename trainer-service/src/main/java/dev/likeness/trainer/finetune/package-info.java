/**
 * Fine-tuning jobs: from a claimed job to a version that serves, if it is better. Start at {@link
 * dev.likeness.trainer.finetune.FineTuneRunner}.
 */
@NullMarked
package dev.likeness.trainer.finetune;

import org.jspecify.annotations.NullMarked;
