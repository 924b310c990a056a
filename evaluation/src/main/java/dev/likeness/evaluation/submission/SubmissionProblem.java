package dev.likeness.evaluation.submission;

import org.jspecify.annotations.Nullable;

/**
 * One reason why a submission must not be sent.
 *
 * @param query the query at fault, null when the submission as a whole is
 * @param message the rule, the value and how to repair it
 */
public record SubmissionProblem(@Nullable String query, String message) {}
