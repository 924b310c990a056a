package dev.likeness.index.search;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.List;
import java.util.Optional;

/**
 * An engine that holds the vectors of one collection in memory and finds nearest neighbors.
 *
 * <p>One thread at a time may call {@link #reserve}, {@link #apply} and {@link #close}. Any number
 * of threads may search meanwhile; a search sees each batch whole or not at all.
 */
public interface VectorIndex extends AutoCloseable {

  int dimension();

  /** Vectors that can be found now. */
  int size();

  /** Memory held for vectors, in bytes. */
  long memoryBytes();

  /**
   * Makes room for {@code puts} vectors beyond those present, so that {@link #apply} cannot run out
   * of memory after the changes were made durable.
   *
   * @throws dev.likeness.index.error.IndexFullException if the memory budget does not allow it
   */
  void reserve(int puts);

  /**
   * Applies a batch and makes it visible at once.
   *
   * @return how many of the changes replaced or removed a vector
   */
  int apply(List<VectorChange> batch);

  /**
   * @throws dev.likeness.index.error.SearchAbandonedException if the request says so
   * @throws dev.likeness.index.error.VectorNotFoundException if a query starts from an unknown id
   * @throws dev.likeness.index.error.SearchQueueFullException if too many searches wait
   */
  SearchResult search(SearchRequest request);

  /** The stored vectors with these ids as of one moment, in the order asked. */
  List<Optional<VectorChange.Put>> get(List<VectorId> ids);

  /** The present state, held still until it is closed. */
  default SearchableVectors pin() {
    return pin(Filter.EVERYTHING);
  }

  /** What the filter allows of the present state, held still until it is closed. */
  SearchableVectors pin(Filter filter);

  @Override
  void close();
}
