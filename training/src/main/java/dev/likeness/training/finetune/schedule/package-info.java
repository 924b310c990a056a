/** How fast weights move; start at {@code CosineSchedule}. */
@NullMarked
package dev.likeness.training.finetune.schedule;

import org.jspecify.annotations.NullMarked;
