package dev.likeness.index.search;

import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.Map;
import java.util.Set;

/**
 * Vectors as of one moment, as far as a filter allows them, that can be searched more than once.
 */
public interface SearchableVectors extends PinnedVectors {

  /** The vectors with these ids, as far as there are any, whether the filter allows them or not. */
  Map<VectorId, VectorChange.Put> find(Set<VectorId> ids);

  /**
   * The nearest neighbors among these vectors; every query brings its values, and the filter of the
   * request has no say.
   *
   * @throws dev.likeness.index.error.SearchAbandonedException if the request says so
   * @throws dev.likeness.index.error.SearchQueueFullException if too many searches wait
   */
  SearchResult search(SearchRequest request);
}
