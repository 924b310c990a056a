package dev.likeness.index.config;

import dev.likeness.index.collection.CollectionCatalog;
import dev.likeness.index.collection.GraphSettings;
import dev.likeness.index.collection.IndexResources;
import dev.likeness.index.collection.StorageSettings;
import dev.likeness.index.collection.UpkeepThreads;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.graph.BuildThreads;
import dev.likeness.index.graph.GraphParameters;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.onnx.OnnxProduct;
import dev.likeness.index.opensearch.OpenSearchSettings;
import dev.likeness.index.opensearch.OpenSearchStore;
import dev.likeness.index.search.ExactIndex;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.search.WarmUp;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.service.PlatformConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** Builds the engine from the configuration. */
@Singleton
public class IndexProducer {

  @Produces
  @Singleton
  SearchPool searchPool(IndexConfig config) {
    int threads = config.search().threads().orElse(Runtime.getRuntime().availableProcessors());
    return new SearchPool(threads, config.search().queueCapacity());
  }

  void close(@Disposes SearchPool pool) {
    pool.close();
  }

  @Produces
  @Singleton
  MemoryBudget memoryBudget(IndexConfig config) {
    return new MemoryBudget(config.memoryLimit().asLongValue());
  }

  @Produces
  @Singleton
  VectorKernel kernel(IndexConfig config, SearchPool pool) {
    VectorKernel kernel = config.kernel().kernel(OnnxProduct::start);
    WarmUp.start(kernel, pool);
    return kernel;
  }

  @Produces
  @Singleton
  UpkeepThreads upkeepThreads(IndexConfig config) {
    return new UpkeepThreads(config.storage().threads());
  }

  void close(@Disposes UpkeepThreads threads) {
    threads.close();
  }

  @Produces
  @Singleton
  BuildThreads buildThreads(IndexConfig config) {
    return new BuildThreads(config.graph().threads());
  }

  void close(@Disposes BuildThreads threads) {
    threads.close();
  }

  /**
   * On this machine, recovers all collections before the service is ready, and a failure ends the
   * start. A cluster is not asked for anything yet: readiness tells whether it answers.
   */
  @Produces
  @Singleton
  @Startup
  VectorStore store(
      IndexConfig config,
      PlatformConfig platform,
      VectorKernel kernel,
      SearchPool pool,
      MemoryBudget memory,
      UpkeepThreads upkeep,
      BuildThreads build,
      MeterRegistry meters)
      throws IOException {
    return switch (config.engine()) {
      case LOCAL -> catalog(config, platform, kernel, pool, memory, upkeep, build, meters);
      case OPENSEARCH ->
          new OpenSearchStore(
              settings(config.opensearch()),
              Clock.systemUTC(),
              dimension -> new ExactIndex(dimension, kernel, pool, memory));
    };
  }

  private static CollectionCatalog catalog(
      IndexConfig config,
      PlatformConfig platform,
      VectorKernel kernel,
      SearchPool pool,
      MemoryBudget memory,
      UpkeepThreads upkeep,
      BuildThreads build,
      MeterRegistry meters)
      throws IOException {
    IndexConfig.Graphs graphs = config.graph();
    Path directory = config.directory().orElseGet(() -> platform.home().resolve("index"));
    IndexResources resources =
        new IndexResources(
            kernel,
            pool,
            memory,
            new FileOperations(),
            new ForceMeter(meters),
            Clock.systemUTC(),
            new StorageSettings(config.storage().sealSize().asLongValue(), upkeep),
            new GraphSettings(
                new GraphParameters(graphs.links(), graphs.beamWidth()),
                build,
                GraphSettings.MIN_SEGMENT_ROWS,
                graphs.autoSize()));
    return CollectionCatalog.open(directory, resources);
  }

  private static OpenSearchSettings settings(IndexConfig.OpenSearch config) {
    return new OpenSearchSettings(
        config.url(),
        config.user(),
        config.password(),
        config.prefix(),
        config.shards(),
        config.replicas(),
        config.search() == IndexConfig.OpenSearch.SearchMethod.GRAPH,
        config.candidates(),
        config.timeout());
  }

  void close(@Disposes VectorStore store) throws IOException {
    store.close();
  }
}
