/**
 * The answer of a run and its file forms; start at {@link
 * dev.likeness.evaluation.submission.SubmissionFile}.
 */
@NullMarked
package dev.likeness.evaluation.submission;

import org.jspecify.annotations.NullMarked;
