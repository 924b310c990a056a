package dev.likeness.index.rerank;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.search.VectorIndex;
import java.util.function.Supplier;

/** A way to rank neighbors by more than their similarity to the query. Immutable. */
public sealed interface Reranking permits KReciprocal, QueryExpansion {

  /** Most neighbors that a query may ask for when they are ranked again. */
  int MAX_K = 1000;

  /**
   * The best neighbors of each query among {@code gallery}; scores are higher for closer ones.
   *
   * @param gallery vectors of length 1
   * @param request its {@code k} at most {@link #MAX_K}
   * @param scratch makes an empty index for vectors of the gallery's dimension, closed after use
   * @throws InvalidRequestException if the request is larger than this way of ranking allows
   * @throws dev.likeness.index.error.VectorNotFoundException if a query starts from an unknown id
   * @throws dev.likeness.index.error.SearchAbandonedException if the request says so
   * @throws dev.likeness.index.error.SearchQueueFullException if too many searches wait
   * @throws dev.likeness.index.error.IndexFullException if the memory budget does not allow it
   */
  SearchResult search(
      SearchableVectors gallery, SearchRequest request, Supplier<VectorIndex> scratch);

  /** Refuses requests for more neighbors than are ranked again. */
  static void requireFew(SearchRequest request) {
    if (request.k() > MAX_K) {
      throw new InvalidRequestException(
          "k", "must be 1 to %d with reranking, is %d".formatted(MAX_K, request.k()));
    }
  }

  /** Refuses a parameter of a ranking outside its range. */
  static void requireBetween(String field, double value, double low, double high) {
    requireWithin("reranking." + field, value, low, high);
  }

  /** Refuses a parameter outside its range. */
  static void requireWithin(String field, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new InvalidRequestException(
          field, "must be %s to %s, is %s".formatted(text(low), text(high), text(value)));
    }
  }

  private static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
