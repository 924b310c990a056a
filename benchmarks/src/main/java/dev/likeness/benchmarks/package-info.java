/** Starts the benchmarks; {@link dev.likeness.benchmarks.Main} lists them. */
@NullMarked
package dev.likeness.benchmarks;

import org.jspecify.annotations.NullMarked;
