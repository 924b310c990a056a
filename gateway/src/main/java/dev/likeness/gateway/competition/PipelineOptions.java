package dev.likeness.gateway.competition;

import java.time.Duration;

/**
 * How a run works.
 *
 * @param patience how long a service may be away before a run gives up
 * @param upsertBatch vectors per durable write; each costs one fsync
 * @param queryBatch queries ranked together
 * @param maxImageBytes larger files are left out
 */
public record PipelineOptions(
    Duration patience, int upsertBatch, int queryBatch, long maxImageBytes) {

  /** Rejects what cannot work. */
  public PipelineOptions {
    if (patience.isNegative() || upsertBatch < 1 || queryBatch < 1 || maxImageBytes < 1) {
      throw new IllegalArgumentException("batches and sizes must be positive");
    }
  }
}
