package dev.likeness.embedder.config;

import dev.likeness.embedder.batching.BatchingLimits;
import dev.likeness.embedder.operation.EmbedderMetrics;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.EncoderRemoval;
import dev.likeness.embedder.serving.HeapBoundedDecoder;
import dev.likeness.embedder.serving.ModelShelf;
import dev.likeness.embedder.serving.OnnxEncoderLoader;
import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.imports.OnnxImport;
import dev.likeness.encoders.quantize.EncoderQuantization;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PlatformConfig;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts the service together. */
public class EmbedderComponents {

  @Produces
  @Singleton
  ModelStore modelStore(PlatformConfig platform) {
    return ModelStore.open(platform.home().resolve("models"));
  }

  @Produces
  @Singleton
  ModelShelf modelShelf(ModelStore store) {
    return new ModelShelf(store);
  }

  @Produces
  @Singleton
  OnnxImport onnxImport(ModelStore store) {
    return new OnnxImport(store);
  }

  @Produces
  @Singleton
  EncoderQuantization encoderQuantization(ModelStore store, EmbedderConfig config) {
    return new EncoderQuantization(store, limits(config.decoding()), Clock.systemUTC());
  }

  @Produces
  @Singleton
  FileRoots fileRoots(PlatformConfig platform) {
    return FileRoots.of(platform);
  }

  @Produces
  @Singleton
  RuntimeOptions runtimeOptions(EmbedderConfig config) {
    return RuntimeOptions.ofThreads(config.inference().intraOpThreads());
  }

  @Produces
  @Singleton
  EncoderCatalog encoderCatalog(
      EmbedderConfig config,
      ModelShelf shelf,
      RuntimeOptions runtime,
      WorkerThreads threads,
      EmbedderMetrics metrics) {
    OnnxEncoderLoader loader =
        new OnnxEncoderLoader(
            decoder(config.decoding(), threads.decodingCount()),
            runtime,
            limits(config.batching(), threads),
            threads.forBatching(),
            metrics::observerOf);
    return new EncoderCatalog(shelf, loader, threads.loading(), config.otherVersions());
  }

  @Produces
  @Singleton
  EncoderRemoval encoderRemoval(ModelShelf shelf, EncoderCatalog catalog) {
    return new EncoderRemoval(shelf, catalog);
  }

  @Produces
  @Singleton
  @DefaultBean
  PullEnvironment pullEnvironment() {
    return new PullEnvironment(System.getenv());
  }

  private static HeapBoundedDecoder decoder(EmbedderConfig.Decoding config, int threads) {
    return HeapBoundedDecoder.of(limits(config), Runtime.getRuntime().maxMemory(), threads);
  }

  private static DecodeLimits limits(EmbedderConfig.Decoding config) {
    return new DecodeLimits(config.maxBytes().asLongValue(), config.maxSide(), config.maxPixels());
  }

  private static BatchingLimits limits(EmbedderConfig.Batching config, WorkerThreads threads) {
    return new BatchingLimits(
        config.queueCapacity(),
        config.maxBatch(),
        config.maxDelay(),
        threads.inferenceCount(),
        threads.preparedImages(config.maxBatch()));
  }
}
