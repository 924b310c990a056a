/** Why a fine-tuning cannot be done; start at {@code FineTuneException}. */
@NullMarked
package dev.likeness.training.finetune.failure;

import org.jspecify.annotations.NullMarked;
