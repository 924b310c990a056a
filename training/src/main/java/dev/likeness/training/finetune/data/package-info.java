/** Images to batches; start at {@code BatchPipeline}. */
@NullMarked
package dev.likeness.training.finetune.data;

import org.jspecify.annotations.NullMarked;
