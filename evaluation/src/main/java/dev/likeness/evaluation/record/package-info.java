/**
 * What is kept of a run, and the table over many runs; start at {@link
 * dev.likeness.evaluation.record.RunRecord}.
 */
@NullMarked
package dev.likeness.evaluation.record;

import org.jspecify.annotations.NullMarked;
