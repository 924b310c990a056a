package dev.likeness.index.rerank;

import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The vectors that are ranked together, numbered: first the queries that are not in the gallery, in
 * their order, then the gallery by id, whatever the order of storing. A query that starts from a
 * stored vector is that item of the gallery, unless a filter keeps it out.
 */
final class Items {

  private final List<float[]> values = new ArrayList<>();
  private final List<VectorChange.Put> gallery = new ArrayList<>();
  private final Map<VectorId, Integer> byId = new HashMap<>();
  private final int[] queryItems;
  private final int firstOfGallery;

  Items(ResolvedQueries queries, SearchableVectors pinned) {
    pinned.forEach(gallery::add);
    gallery.sort(Comparator.comparing(VectorChange.Put::id));
    Set<VectorId> galleryIds =
        gallery.stream().map(VectorChange.Put::id).collect(Collectors.toSet());
    for (int q = 0; q < queries.count(); q++) {
      if (queries.origin(q).filter(galleryIds::contains).isEmpty()) {
        values.add(queries.values(q));
      }
    }
    firstOfGallery = values.size();
    for (VectorChange.Put put : gallery) {
      byId.put(put.id(), values.size());
      values.add(put.values());
    }
    queryItems = new int[queries.count()];
    int next = 0;
    for (int q = 0; q < queryItems.length; q++) {
      var origin = queries.origin(q).filter(galleryIds::contains);
      queryItems[q] = origin.isPresent() ? ofId(origin.get()) : next++;
    }
  }

  int count() {
    return values.size();
  }

  int queryCount() {
    return queryItems.length;
  }

  int galleryCount() {
    return gallery.size();
  }

  /** The item that a query is. */
  int ofQuery(int q) {
    return queryItems[q];
  }

  int firstOfGallery() {
    return firstOfGallery;
  }

  /** The item of a vector of the gallery. */
  int ofId(VectorId id) {
    Integer item = byId.get(id);
    if (item == null) {
      throw new IllegalStateException("a pinned vector cannot vanish");
    }
    return item;
  }

  VectorChange.Put put(int galleryItem) {
    return gallery.get(galleryItem - firstOfGallery);
  }

  /** float32 [dimension]; not to be changed. */
  float[] values(int item) {
    return values.get(item);
  }

  /** The inner product, with the same bits as {@link dev.likeness.index.kernel.VectorKernel}. */
  float dot(int a, int b) {
    float[] x = values.get(a);
    float[] y = values.get(b);
    float sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum = Math.fma(x[i], y[i], sum);
    }
    return sum;
  }
}
