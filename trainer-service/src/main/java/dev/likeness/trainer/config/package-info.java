/** The trainer's settings. Start at {@link dev.likeness.trainer.config.TrainerConfig}. */
@NullMarked
package dev.likeness.trainer.config;

import org.jspecify.annotations.NullMarked;
