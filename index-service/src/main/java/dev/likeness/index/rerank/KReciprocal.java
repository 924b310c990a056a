package dev.likeness.index.rerank;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.search.VectorIndex;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * k-reciprocal re-ranking (Zhong, Zheng, Cao and Li, 2017) over all queries of a request together
 * with the gallery: a neighbor counts for more when it shares its own neighbors with the query. The
 * distance is {@code (1 - lambda) · Jaccard + lambda · D}, where D is the squared Euclidean
 * distance divided by the query's largest; the score is 1 minus that distance, 0 to 1.
 *
 * <p>Memory grows with the number of vectors times their neighbors, time with the square of their
 * number times the dimension.
 *
 * @param k1 neighbors that two vectors must be among of each other, 1 to 50
 * @param k2 nearest vectors over which each is averaged, itself among them, 1 to {@code k1}
 * @param lambda share of the plain distance, 0 to 1
 */
public record KReciprocal(int k1, int k2, double lambda) implements Reranking {

  /** The published values. */
  public static final KReciprocal DEFAULT = new KReciprocal(20, 6, 0.3);

  /** Most queries and gallery vectors together; bounds the time, which grows with the square. */
  public static final int MAX_ITEMS = 20_000;

  /** Most values of all queries and gallery vectors together: 128 MiB of float32. */
  public static final long MAX_VALUES = 32L << 20;

  public KReciprocal {
    Reranking.requireBetween("k_reciprocal.k1", k1, 1, 50);
    Reranking.requireBetween("k_reciprocal.k2", k2, 1, k1);
    Reranking.requireBetween("k_reciprocal.lambda", lambda, 0, 1);
  }

  @Override
  public SearchResult search(
      SearchableVectors gallery, SearchRequest request, Supplier<VectorIndex> scratch) {
    Reranking.requireFew(request);
    var queries = new ResolvedQueries(request.queries(), gallery);
    requireFitting((long) gallery.size() + queries.count(), queries.values(0).length);
    Items items = new Items(queries, gallery);
    NeighborTable table;
    try (VectorIndex index = scratch.get()) {
      table = NeighborTable.of(items, index, k1, request.abandoned());
    }
    requireWanted(request.abandoned(), items);
    ReciprocalVectors vectors = new ReciprocalVectors(table, k1, k2);
    return new SearchResult(
        new JaccardRanking(items, table, vectors, lambda).rank(gallery, request), gallery.size());
  }

  private static void requireFitting(long count, int dimension) {
    long most = Math.min(MAX_ITEMS, MAX_VALUES / dimension);
    if (count > most) {
      throw new InvalidRequestException(
          "reranking.k_reciprocal",
          "queries and gallery of dimension %d may be %d vectors together, are %d; use query_expansion"
              .formatted(dimension, most, count));
    }
  }

  static void requireWanted(BooleanSupplier abandoned, Items items) {
    if (abandoned.getAsBoolean()) {
      throw new SearchAbandonedException((long) items.count() * items.count());
    }
  }
}
