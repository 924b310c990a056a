package dev.likeness.index.config;

import dev.likeness.index.collection.Collection;
import dev.likeness.index.collection.CollectionCatalog;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.SearchPool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** What the index holds, for the metrics. */
@Singleton
public class IndexGauges {

  void register(
      @Observes StartupEvent event,
      CollectionCatalog catalog,
      MemoryBudget memory,
      SearchPool pool,
      MeterRegistry meters) {
    Gauge.builder("likeness.index.vectors", catalog, IndexGauges::vectors)
        .description("Vectors that can be found")
        .register(meters);
    Gauge.builder("likeness.index.collections", catalog, c -> c.collections().size())
        .description("Collections, damaged ones included")
        .register(meters);
    Gauge.builder("likeness.index.collections.failed", catalog, IndexGauges::failed)
        .description("Collections that cannot be searched or written")
        .register(meters);
    Gauge.builder("likeness.index.collections.verifying", catalog, IndexGauges::verifying)
        .description("Collections whose segments are not verified yet")
        .register(meters);
    Gauge.builder("likeness.index.search.queued", pool, SearchPool::queuedCount)
        .description("Tasks of searches that wait for a thread")
        .register(meters);
    Gauge.builder("likeness.index.memory.used", memory, MemoryBudget::usedBytes)
        .description("Off-heap memory of vectors")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("likeness.index.memory.limit", memory, MemoryBudget::limitBytes)
        .description("Off-heap memory that vectors may use")
        .baseUnit("bytes")
        .register(meters);
  }

  private static double vectors(CollectionCatalog catalog) {
    return catalog.collections().stream().mapToLong(Collection::vectorCount).sum();
  }

  private static double verifying(CollectionCatalog catalog) {
    return catalog.collections().stream().filter(c -> !c.isVerified()).count();
  }

  private static double failed(CollectionCatalog catalog) {
    return catalog.collections().stream().filter(c -> c.failureReason().isPresent()).count();
  }
}
