/**
 * Runs jobs: claims, heartbeats, cancellation, take-over and shutdown. Start at {@link
 * dev.likeness.trainer.work.JobWorker}.
 */
@NullMarked
package dev.likeness.trainer.work;

import org.jspecify.annotations.NullMarked;
