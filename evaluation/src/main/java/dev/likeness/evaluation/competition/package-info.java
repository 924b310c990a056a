/**
 * Sending a submission to a competition server; start at {@link
 * dev.likeness.evaluation.competition.CompetitionClient}.
 */
@NullMarked
package dev.likeness.evaluation.competition;

import org.jspecify.annotations.NullMarked;
