package dev.likeness.index.rerank;

import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Queries as values, each with the stored vector that it starts from and must not answer. */
final class ResolvedQueries {

  private final List<float[]> values = new ArrayList<>();
  private final List<Optional<VectorId>> origins = new ArrayList<>();

  /**
   * @throws VectorNotFoundException if a query starts from a vector that is not in the gallery
   */
  ResolvedQueries(List<Query> queries, SearchableVectors gallery) {
    Set<VectorId> ids = new HashSet<>();
    for (Query query : queries) {
      if (query instanceof Query.OfStored(VectorId id)) {
        ids.add(id);
      }
    }
    Map<VectorId, VectorChange.Put> stored = ids.isEmpty() ? Map.of() : gallery.find(ids);
    for (Query query : queries) {
      switch (query) {
        case Query.OfValues given -> {
          values.add(given.values());
          origins.add(Optional.empty());
        }
        case Query.OfStored(VectorId id) -> {
          VectorChange.Put put = stored.get(id);
          if (put == null) {
            throw new VectorNotFoundException(id.value());
          }
          values.add(put.values());
          origins.add(Optional.of(id));
        }
      }
    }
  }

  int count() {
    return values.size();
  }

  /** float32 [dimension]; not to be changed. */
  float[] values(int q) {
    return values.get(q);
  }

  Optional<VectorId> origin(int q) {
    return origins.get(q);
  }
}
