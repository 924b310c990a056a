/**
 * How things are measured beside one another; start at {@link
 * dev.likeness.benchmarks.measure.Comparison}.
 */
@NullMarked
package dev.likeness.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
