/** From gradients to new weights; start at {@code Optimizer}. */
@NullMarked
package dev.likeness.training.optimizer;

import org.jspecify.annotations.NullMarked;
