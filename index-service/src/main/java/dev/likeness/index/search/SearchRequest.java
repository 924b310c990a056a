package dev.likeness.index.search;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.filter.Filter;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A batch of queries, how many neighbors each wants, and among which vectors.
 *
 * @param k neighbors wanted per query, 1 to {@value #MAX_K}; fewer are answered when the collection
 *     holds fewer
 * @param filter which vectors may be answered; a query may start from one that may not
 * @param abandoned asked now and then during the search, from any thread; true ends it early
 */
public record SearchRequest(List<Query> queries, int k, Filter filter, BooleanSupplier abandoned) {

  /** Heaps of this many entries may exist per query and thread. */
  public static final int MAX_K = 10_000;

  /** Bounds the copy of the queries: 10,000 · 4,096 · 4 bytes. */
  public static final int MAX_QUERIES = 10_000;

  /** Bounds the answer, which is built in memory before it is sent. */
  public static final int MAX_NEIGHBORS = 1_000_000;

  /** Among all vectors. */
  public SearchRequest(List<Query> queries, int k, BooleanSupplier abandoned) {
    this(queries, k, Filter.EVERYTHING, abandoned);
  }

  public SearchRequest {
    if (k < 1 || k > MAX_K) {
      throw new InvalidRequestException("k", "must be 1 to %d, is %d".formatted(MAX_K, k));
    }
    if (queries.isEmpty() || queries.size() > MAX_QUERIES) {
      throw new InvalidRequestException(
          "queries", "must have 1 to %d entries, has %d".formatted(MAX_QUERIES, queries.size()));
    }
    if ((long) queries.size() * k > MAX_NEIGHBORS) {
      throw new InvalidRequestException(
          "queries",
          "%d queries with k = %d may answer more than %d neighbors; send fewer at a time"
              .formatted(queries.size(), k, MAX_NEIGHBORS));
    }
    queries = List.copyOf(queries);
  }
}
