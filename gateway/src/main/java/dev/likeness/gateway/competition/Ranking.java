package dev.likeness.gateway.competition;

import dev.likeness.gateway.peer.Embedding;
import java.util.List;

/** Ranks the gallery for queries, in an order that depends on the vectors alone. */
interface Ranking {

  /**
   * The k best names for each query.
   *
   * @param queries unit vectors
   */
  List<List<RankedName>> rank(List<Embedding> queries, int k) throws InterruptedException;

  /** Whether the answer to a query depends on the others, so that all must be asked together. */
  boolean needsAllTogether();
}
