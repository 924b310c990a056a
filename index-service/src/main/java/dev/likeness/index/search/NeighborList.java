package dev.likeness.index.search;

import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /** The best {@code k} of both. */
  NeighborList with(NeighborList other, int k) {
    if (other.neighbors.isEmpty()) {
      return new NeighborList(
          neighbors, visitedCount + other.visitedCount, rescoredCount + other.rescoredCount);
    }
    List<Neighbor> both = new ArrayList<>(neighbors);
    both.addAll(other.neighbors);
    both.sort(
        Comparator.comparing(Neighbor::score, Comparator.reverseOrder())
            .thenComparing(Neighbor::id));
    return new NeighborList(
        both.subList(0, Math.min(k, both.size())),
        visitedCount + other.visitedCount,
        rescoredCount + other.rescoredCount);
  }

  /** The first {@code k} neighbors, leaving one out. */
  NeighborList without(Optional<VectorId> leftOut, int k) {
    List<Neighbor> others =
        neighbors.stream()
            .filter(neighbor -> leftOut.filter(neighbor.id()::equals).isEmpty())
            .limit(k)
            .toList();
    return new NeighborList(others, visitedCount, rescoredCount);
  }
}
