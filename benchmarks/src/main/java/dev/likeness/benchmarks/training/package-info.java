/** Steps of training beside PyTorch, and their memory; start at {@code TrainBenchmark}. */
@NullMarked
package dev.likeness.benchmarks.training;

import org.jspecify.annotations.NullMarked;
