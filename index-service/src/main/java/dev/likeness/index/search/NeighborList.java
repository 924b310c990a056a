package dev.likeness.index.search;

import java.util.List;

/**
 * The answer to one query and what it cost.
 *
 * @param neighbors best first: by score descending, equal scores by id ascending
 * @param visitedCount vectors compared with the query
 */
public record NeighborList(List<Neighbor> neighbors, long visitedCount) {
  public NeighborList {
    neighbors = List.copyOf(neighbors);
  }
}
