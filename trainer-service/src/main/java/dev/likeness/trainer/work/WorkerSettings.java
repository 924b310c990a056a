package dev.likeness.trainer.work;

import java.time.Duration;

/**
 * How jobs are worked on.
 *
 * @param threads jobs at a time; 0 for none
 * @param lease how long a job belongs to a worker that is not heard of
 * @param heartbeat time between signs of life, shorter than half a lease
 * @param poll time between looks for work, positive
 * @param maxAttempts a job that was interrupted this often without getting further fails, at least
 *     1
 * @param shutdownGrace how long a shutdown waits for workers to hand their jobs back
 */
public record WorkerSettings(
    int threads,
    Duration lease,
    Duration heartbeat,
    Duration poll,
    int maxAttempts,
    Duration shutdownGrace) {

  /** Rejects settings under which a healthy worker would lose its jobs. */
  public WorkerSettings {
    if (threads < 0 || maxAttempts < 1) {
      throw new IllegalArgumentException(
          "threads must be at least 0 and max-attempts at least 1, not %d and %d"
              .formatted(threads, maxAttempts));
    }
    if (!heartbeat.isPositive()
        || !poll.isPositive()
        || heartbeat.multipliedBy(2).compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          "heartbeat (%s) must be positive and shorter than half a lease (%s), and poll (%s) positive"
              .formatted(heartbeat, lease, poll));
    }
  }
}
