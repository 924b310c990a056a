/** What training lowers; start at {@code Loss}. */
@NullMarked
package dev.likeness.training.loss;

import org.jspecify.annotations.NullMarked;
