/** Benchmarks of images becoming vectors. */
@NullMarked
package dev.likeness.benchmarks.embedding;

import org.jspecify.annotations.NullMarked;
