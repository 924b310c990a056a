/**
 * The drawn data set of the demo; start at {@link dev.likeness.evaluation.sample.SampleDataset}.
 */
@NullMarked
package dev.likeness.evaluation.sample;

import org.jspecify.annotations.NullMarked;
