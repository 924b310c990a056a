/**
 * From a data set to a submission: start at {@link dev.likeness.gateway.competition.RunPipeline}.
 */
@NullMarked
package dev.likeness.gateway.competition;

import org.jspecify.annotations.NullMarked;
