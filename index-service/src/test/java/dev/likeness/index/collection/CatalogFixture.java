package dev.likeness.index.collection;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.graph.BuildThreads;
import dev.likeness.index.graph.GraphParameters;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.search.ExactIndex;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A catalog in a temporary directory, without any framework. */
final class CatalogFixture {

  static final CollectionSettings SETTINGS =
      new CollectionSettings(2, Similarity.INNER_PRODUCT, "encoder-1");

  /** Daemon threads; shared by the tests of this package. */
  private static final SearchPool POOL = new SearchPool(2, 64);

  /** Graphs for small segments too. */
  static final BuildThreads BUILD = new BuildThreads(2);

  private static final GraphSettings GRAPHS =
      new GraphSettings(new GraphParameters(8, 40), BUILD, 64, 2000);

  private CatalogFixture() {}

  static CollectionCatalog open(Path root) throws IOException {
    return open(root, new FileOperations());
  }

  static CollectionCatalog open(Path root, FileOperations files) throws IOException {
    return CollectionCatalog.open(root, resources(files, 256 << 20));
  }

  static IndexResources resources(FileOperations files, long memory) {
    return resources(files, memory, 128 << 20);
  }

  static IndexResources resources(FileOperations files, long memory, long sealBytes) {
    return resources(files, memory, new StorageSettings(sealBytes, Runnable::run, Runnable::run));
  }

  static IndexResources resources(FileOperations files, long memory, StorageSettings storage) {
    Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    return new IndexResources(
        new SimdKernel(),
        POOL,
        new MemoryBudget(memory),
        files,
        (nanos, batches) -> {},
        clock,
        storage,
        GRAPHS);
  }

  static CollectionName name(String value) {
    return new CollectionName(value);
  }

  static VectorId id(String value) {
    return new VectorId(value);
  }

  static UpsertOutcome put(VectorCollection collection, String id, float... values) {
    UpsertBatch batch = collection.newBatch();
    batch.add(() -> new VectorInput(new VectorId(id), Payload.EMPTY, values));
    return batch.commit();
  }

  /** Graphs are built by one thread, one job after the other. */
  static void awaitGraphs() {
    CountDownLatch done = new CountDownLatch(1);
    BUILD.queue(done::countDown);
    try {
      done.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ids of the nearest, best first. */
  static List<String> nearest(VectorCollection collection, int k, float... query) {
    NeighborList answer =
        collection
            .search(
                List.of(collection.query("query", query)),
                k,
                Filter.EVERYTHING,
                Optional.empty(),
                () -> false)
            .answers()
            .getFirst();
    return answer.neighbors().stream().map(neighbor -> neighbor.id().value()).toList();
  }

  /** An empty index in memory. */
  static VectorIndex index(int dimension) {
    return new ExactIndex(dimension, new SimdKernel(), POOL, new MemoryBudget(64 << 20));
  }
}
