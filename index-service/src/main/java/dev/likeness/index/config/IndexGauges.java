package dev.likeness.index.config;

import dev.likeness.index.collection.CollectionDescription;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.SearchPool;
import io.micrometer.core.instrument.FunctionCounter;
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
      VectorStore store,
      MemoryBudget memory,
      SearchPool pool,
      MeterRegistry meters) {
    Gauge.builder("likeness.index.vectors", store, IndexGauges::vectors)
        .description("Vectors that can be found")
        .register(meters);
    Gauge.builder("likeness.index.collections", store, s -> s.list().size())
        .description("Collections, damaged ones included")
        .register(meters);
    Gauge.builder("likeness.index.collections.failed", store, IndexGauges::failed)
        .description("Collections that cannot be searched or written")
        .register(meters);
    Gauge.builder("likeness.index.collections.verifying", store, IndexGauges::verifying)
        .description("Collections whose segments are not verified yet")
        .register(meters);
    Gauge.builder("likeness.index.search.queued", pool, SearchPool::queuedCount)
        .description("Tasks of searches that wait for a thread, and searches that wait for a scan")
        .register(meters);
    FunctionCounter.builder("likeness.index.search.shared", pool, SearchPool::sharedCount)
        .description("Searches that were answered by the scan of another one")
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

  private static double vectors(VectorStore store) {
    return store.list().stream().mapToLong(CollectionDescription::vectorCount).sum();
  }

  private static double verifying(VectorStore store) {
    return store.list().stream().filter(found -> !found.isVerified()).count();
  }

  private static double failed(VectorStore store) {
    return store.list().stream().filter(found -> found.failureReason().isPresent()).count();
  }
}
