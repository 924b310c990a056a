/**
 * Training jobs as users know them and the durable store that keeps them. Start at {@link
 * dev.likeness.trainer.job.TrainingJob} and {@link dev.likeness.trainer.job.JobStore}.
 */
@NullMarked
package dev.likeness.trainer.job;

import org.jspecify.annotations.NullMarked;
