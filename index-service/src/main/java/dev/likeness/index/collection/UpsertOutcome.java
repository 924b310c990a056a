package dev.likeness.index.collection;

import dev.likeness.index.error.IndexException;
import java.util.List;

/**
 * What became of a batch.
 *
 * @param upsertedCount vectors that are on disk and visible
 * @param refused the others, by position
 */
public record UpsertOutcome(int upsertedCount, List<Refused> refused) {
  public UpsertOutcome {
    refused = List.copyOf(refused);
  }

  /**
   * A vector that was not written.
   *
   * @param position in the batch, from 0
   */
  public record Refused(int position, IndexException reason) {}
}
