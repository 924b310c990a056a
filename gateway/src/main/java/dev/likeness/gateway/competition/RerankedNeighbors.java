package dev.likeness.gateway.competition;

import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.IndexPeer.Neighbor;
import dev.likeness.gateway.run.Rerank;
import java.util.ArrayList;
import java.util.List;

/**
 * The index's ranking by more than the similarity, as it comes: its answers depend on the vectors
 * and the queries of a request alone, with equal scores by name. Similarities are the index's
 * scores.
 */
final class RerankedNeighbors implements Ranking {

  /** Neighbors in one response, where queries can be asked apart. */
  private static final int MAX_ANSWERS = 100_000;

  /** What the index takes and answers in one request. */
  private static final int MAX_QUERIES = 10_000;

  private static final long MAX_VALUES = 16_000_000;
  private static final long MAX_ANSWERS_TOGETHER = 1_000_000;

  private final IndexPeer index;
  private final Patience patience;
  private final String collection;
  private final String fingerprint;
  private final Rerank rerank;

  /**
   * @param rerank not {@link Rerank#NONE}
   */
  RerankedNeighbors(
      IndexPeer index, Patience patience, String collection, String fingerprint, Rerank rerank) {
    this.index = index;
    this.patience = patience;
    this.collection = collection;
    this.fingerprint = fingerprint;
    this.rerank = rerank;
  }

  @Override
  public boolean needsAllTogether() {
    return rerank == Rerank.K_RECIPROCAL;
  }

  @Override
  public List<List<RankedName>> rank(List<Embedding> queries, int k) throws InterruptedException {
    if (queries.isEmpty()) {
      return List.of();
    }
    if (needsAllTogether()) {
      requireFitting(queries, k);
    }
    int together = needsAllTogether() ? queries.size() : Math.max(1, MAX_ANSWERS / k);
    List<List<RankedName>> rankings = new ArrayList<>();
    for (List<Embedding> asked : Chunks.of(queries, together)) {
      patience
          .call(() -> index.searchReranked(collection, fingerprint, asked, k, rerank))
          .forEach(neighbors -> rankings.add(names(neighbors)));
    }
    return rankings;
  }

  private static void requireFitting(List<Embedding> queries, int k) {
    int dimension = queries.getFirst().dimension();
    long most = Math.min(MAX_QUERIES, Math.min(MAX_VALUES / dimension, MAX_ANSWERS_TOGETHER / k));
    if (queries.size() > most) {
      throw new RunFailedException(
          "k-reciprocal ranks all queries in one request: at most %d of dimension %d with %d names each, the data set has %d; rerank with query-expansion instead"
              .formatted(most, dimension, k, queries.size()));
    }
  }

  private static List<RankedName> names(List<Neighbor> neighbors) {
    return neighbors.stream()
        .map(neighbor -> new RankedName(neighbor.id(), (double) neighbor.score()))
        .toList();
  }
}
