package dev.likeness.index.search;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Many queries that see the same state and are answered a part at a time, so that the whole answer
 * never lies in memory. Parts may be asked for from any thread, one after the other; close it, or
 * the state stays in memory.
 */
public final class PartedSearch implements AutoCloseable {

  /** Bounds one part of the answer. */
  private static final int NEIGHBORS_PER_PART = 100_000;

  private static final int QUERIES_PER_PART = 1000;

  private final SearchableVectors vectors;
  private final List<Query> queries;
  private final int k;
  private final BooleanSupplier abandoned;
  private final int partSize;

  /**
   * @param vectors closed with this object
   * @param queries 1 to {@value SearchRequest#MAX_QUERIES}
   * @param k neighbors wanted per query, 1 to 9,999: one more is asked for
   */
  public PartedSearch(
      SearchableVectors vectors, List<Query> queries, int k, BooleanSupplier abandoned) {
    if (queries.isEmpty() || queries.size() > SearchRequest.MAX_QUERIES) {
      throw new InvalidRequestException(
          "queries",
          "must have 1 to %d entries, has %d".formatted(SearchRequest.MAX_QUERIES, queries.size()));
    }
    if (k < 1 || k >= SearchRequest.MAX_K) {
      throw new InvalidRequestException(
          "k", "must be 1 to %d, is %d".formatted(SearchRequest.MAX_K - 1, k));
    }
    this.vectors = vectors;
    this.queries = List.copyOf(queries);
    this.k = k;
    this.abandoned = abandoned;
    this.partSize = Math.clamp(NEIGHBORS_PER_PART / k, 1, QUERIES_PER_PART);
  }

  public int partCount() {
    return Math.ceilDiv(queries.size(), partSize);
  }

  /** The position of the first query of a part. */
  public int firstQuery(int part) {
    return part * partSize;
  }

  /**
   * @throws VectorNotFoundException if a query of this part starts from an unknown id
   * @throws dev.likeness.index.error.SearchAbandonedException if nobody waits any more
   * @throws dev.likeness.index.error.SearchQueueFullException if too many searches wait
   */
  public SearchResult part(int part) {
    List<Query> asked =
        queries.subList(firstQuery(part), Math.min(queries.size(), firstQuery(part) + partSize));
    List<Query> values = new ArrayList<>();
    List<Optional<VectorId>> origins = new ArrayList<>();
    for (Query query : asked) {
      switch (query) {
        case Query.OfValues given -> {
          values.add(given);
          origins.add(Optional.empty());
        }
        case Query.OfStored(VectorId id) -> {
          values.add(new Query.OfValues(stored(id)));
          origins.add(Optional.of(id));
        }
      }
    }
    // one more, in case that the vector which a query starts from is among them
    SearchResult found = vectors.search(new SearchRequest(values, k + 1, abandoned));
    List<NeighborList> answers = new ArrayList<>();
    for (int q = 0; q < origins.size(); q++) {
      answers.add(found.answers().get(q).without(origins.get(q), k));
    }
    return new SearchResult(answers, found.matchingCount());
  }

  private float[] stored(VectorId id) {
    Map<VectorId, VectorChange.Put> found = vectors.find(Set.of(id));
    VectorChange.Put put = found.get(id);
    if (put == null) {
      throw new VectorNotFoundException(id.value());
    }
    return put.values();
  }

  @Override
  public void close() {
    vectors.close();
  }
}
