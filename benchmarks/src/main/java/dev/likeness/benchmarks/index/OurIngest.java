package dev.likeness.benchmarks.index;

import dev.likeness.index.collection.Collection;
import dev.likeness.index.collection.CollectionCatalog;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.GraphSettings;
import dev.likeness.index.collection.IndexResources;
import dev.likeness.index.collection.StorageSettings;
import dev.likeness.index.collection.UpkeepThreads;
import dev.likeness.index.collection.UpsertBatch;
import dev.likeness.index.collection.VectorInput;
import dev.likeness.index.graph.BuildThreads;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A collection as the service holds it: a batch is acknowledged when it is forced to the device and
 * can be found.
 */
final class OurIngest implements AutoCloseable {

  /** What the service seals at by default. */
  private static final long SEAL_BYTES = 128 << 20;

  private final float[][] rows;
  private final SearchPool pool = new SearchPool(1, 64);
  private final UpkeepThreads upkeep = new UpkeepThreads(1);
  private final BuildThreads build = new BuildThreads(1);
  private final CollectionCatalog catalog;
  private final Collection collection;
  private long next;

  OurIngest(Path directory, float[][] rows) throws IOException {
    this.rows = rows;
    catalog =
        CollectionCatalog.open(
            directory,
            new IndexResources(
                new SimdKernel(),
                pool,
                new MemoryBudget(64L << 30),
                new FileOperations(),
                (nanos, batches) -> {},
                Clock.systemUTC(),
                new StorageSettings(SEAL_BYTES, upkeep),
                new GraphSettings(build)));
    CollectionName name = new CollectionName("ingest");
    catalog.create(name, new CollectionSettings(rows[0].length, Similarity.COSINE, ""), "");
    collection = catalog.get(name);
  }

  /** Answers how many vectors were acknowledged. */
  long write(int batchSize, int batches) {
    for (int b = 0; b < batches; b++) {
      UpsertBatch batch = collection.newBatch();
      for (int i = 0; i < batchSize; i++) {
        float[] values = rows[(int) (next % rows.length)];
        VectorId id = new VectorId("vector-" + next++);
        batch.add(() -> new VectorInput(id, Payload.EMPTY, values));
      }
      batch.commit();
    }
    return (long) batchSize * batches;
  }

  @Override
  public void close() throws IOException {
    catalog.close();
    upkeep.close();
    build.close();
    pool.close();
  }
}
