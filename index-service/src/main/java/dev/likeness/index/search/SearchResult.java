package dev.likeness.index.search;

import java.util.List;

/**
 * The answers to a batch of queries, in the order of the queries; all of them saw the same state.
 *
 * @param matchingCount vectors that the filter allowed, an exact count; all of them without one
 * @param byGraph true if some vectors were searched by graph, so that neighbors may be missing
 */
public record SearchResult(List<NeighborList> answers, long matchingCount, boolean byGraph) {

  /** An exact answer. */
  public SearchResult(List<NeighborList> answers, long matchingCount) {
    this(answers, matchingCount, false);
  }

  public SearchResult {
    answers = List.copyOf(answers);
  }

  /** Scores computed for all queries together. */
  public long visitedCount() {
    return answers.stream().mapToLong(NeighborList::visitedCount).sum();
  }

  /** Vectors compared again by their values after their codes, for all queries together. */
  public long rescoredCount() {
    return answers.stream().mapToLong(NeighborList::rescoredCount).sum();
  }
}
