/** What a training needs to go on, as a file; start at {@code CheckpointFolder}. */
@NullMarked
package dev.likeness.training.finetune.checkpoint;

import org.jspecify.annotations.NullMarked;
