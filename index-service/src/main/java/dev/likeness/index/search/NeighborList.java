package dev.likeness.index.search;

import java.util.List;

/**
 * The answer to one query and what it cost.
 *
 * @param neighbors best first: by score descending, equal scores by id ascending
 * @param visitedCount vectors compared with the query, by their values or by their codes
 * @param rescoredCount those of them compared by their codes first and by their values again; 0 if
 *     no codes were used
 */
public record NeighborList(List<Neighbor> neighbors, long visitedCount, long rescoredCount) {
  public NeighborList {
    neighbors = List.copyOf(neighbors);
  }

  /** An answer found without codes. */
  public NeighborList(List<Neighbor> neighbors, long visitedCount) {
    this(neighbors, visitedCount, 0);
  }
}
