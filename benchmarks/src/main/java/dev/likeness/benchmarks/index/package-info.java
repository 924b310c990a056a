/**
 * Vectors to neighbors, and vectors to the disk; start at {@link
 * dev.likeness.benchmarks.index.IndexBenchmark}.
 */
@NullMarked
package dev.likeness.benchmarks.index;

import org.jspecify.annotations.NullMarked;
