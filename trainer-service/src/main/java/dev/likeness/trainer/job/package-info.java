/**
 * Training jobs as users know them and the durable store that keeps them. Start at {@link
 * dev.likeness.trainer.job.TrainingJob} and {@link dev.likeness.trainer.job.JobStore}; workers use
 * {@link dev.likeness.trainer.job.ClaimedJobs}.
 */
@NullMarked
package dev.likeness.trainer.job;

import org.jspecify.annotations.NullMarked;
