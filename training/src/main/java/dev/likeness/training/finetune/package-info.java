/** Fine-tunes an encoder package from start to finish; start at {@code FineTuning}. */
@NullMarked
package dev.likeness.training.finetune;

import org.jspecify.annotations.NullMarked;
