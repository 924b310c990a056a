/**
 * Puts the parts together, starts, stops and watches them. Start at {@link
 * dev.likeness.trainer.wiring.TrainerWiring}.
 */
@NullMarked
package dev.likeness.trainer.wiring;

import org.jspecify.annotations.NullMarked;
