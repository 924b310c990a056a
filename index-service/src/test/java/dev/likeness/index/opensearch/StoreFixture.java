package dev.likeness.index.opensearch;

import dev.likeness.index.collection.AliasChange;
import dev.likeness.index.collection.CollectionDescription;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.search.ExactIndex;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.search.VectorIndex;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Stores for tests, without any framework. */
final class StoreFixture {

  private static final SearchPool POOL = new SearchPool(2, 64);

  private StoreFixture() {}

  /** Two shards on one node, no copies. */
  static OpenSearchSettings settings(List<URI> urls, String prefix, boolean approximate) {
    return new OpenSearchSettings(
        urls,
        Optional.empty(),
        Optional.empty(),
        prefix,
        2,
        0,
        approximate,
        100,
        Duration.ofMinutes(2));
  }

  static OpenSearchStore open(List<URI> urls, String prefix, boolean approximate) {
    return open(settings(urls, prefix, approximate), Clock.systemUTC());
  }

  static OpenSearchStore open(OpenSearchSettings settings, Clock clock) {
    return new OpenSearchStore(settings, clock, StoreFixture::scratch);
  }

  static VectorIndex scratch(int dimension) {
    return new ExactIndex(dimension, new SimdKernel(), POOL, new MemoryBudget(256 << 20));
  }

  static void clear(VectorStore store) {
    List<CollectionDescription> collections = store.list();
    store.setAliases(
        collections.stream()
            .flatMap(found -> found.aliases().stream())
            .<AliasChange>map(AliasChange.Remove::new)
            .toList());
    collections.forEach(found -> store.delete(found.name()));
  }
}
