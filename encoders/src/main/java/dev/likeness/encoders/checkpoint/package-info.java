/**
 * Reads weights from the files people download: safetensors, and torch checkpoints in both forms;
 * start at {@link dev.likeness.encoders.checkpoint.CheckpointReader}.
 */
@NullMarked
package dev.likeness.encoders.checkpoint;

import org.jspecify.annotations.NullMarked;
