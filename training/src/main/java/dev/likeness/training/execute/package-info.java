/** Runs a graph forward with its weights, ready for backward; start at {@code GraphExecutor}. */
@NullMarked
package dev.likeness.training.execute;

import org.jspecify.annotations.NullMarked;
