package dev.likeness.gateway.competition;

import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.IndexPeer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The vectors of queries, from the collections that hold them. With several encoders a query's
 * vector is those of all encoders one behind another, and a query that lacks one of them has none.
 */
record QueryVectors(IndexPeer index, Patience patience, List<String> collections) {

  QueryVectors {
    collections = List.copyOf(collections);
  }

  /** Of those names that have one, in their order. */
  SequencedMap<String, Embedding> of(List<String> names) throws InterruptedException {
    List<SequencedMap<String, Embedding>> parts = new ArrayList<>();
    for (String collection : collections) {
      parts.add(patience.call(() -> index.vectors(collection, names)));
    }
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    SequencedMap<String, Embedding> joined = new LinkedHashMap<>();
    for (String name : names) {
      List<Embedding> own = new ArrayList<>();
      for (SequencedMap<String, Embedding> part : parts) {
        Embedding vector = part.get(name);
        if (vector != null) {
          own.add(vector);
        }
      }
      if (own.size() == parts.size()) {
        joined.put(name, Embedding.join(own));
      }
    }
    return joined;
  }
}
