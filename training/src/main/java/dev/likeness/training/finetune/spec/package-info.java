/** What a fine-tuning is asked to do; start at {@code FineTuneSpec}. */
@NullMarked
package dev.likeness.training.finetune.spec;

import org.jspecify.annotations.NullMarked;
