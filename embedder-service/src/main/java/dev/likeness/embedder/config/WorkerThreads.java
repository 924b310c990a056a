package dev.likeness.embedder.config;

import dev.likeness.embedder.batching.BatchingThreads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The platform threads of the service. Their numbers are fixed; the queues before them are bounded
 * by the batchers.
 */
@Singleton
public class WorkerThreads {

  private final int decodingCount;
  private final int inferenceCount;
  private final ExecutorService decoding;
  private final ExecutorService inference;
  private final ExecutorService loading;
  private final ExecutorService importing;
  private final ExecutorService pulling;
  private final ScheduledExecutorService timer;

  /** Called by the container. */
  public WorkerThreads(EmbedderConfig config) {
    int processors = Runtime.getRuntime().availableProcessors();
    decodingCount = config.decoding().threads().orElse(processors);
    inferenceCount = config.inference().threads().orElse(processors);
    decoding = pool("decode", decodingCount);
    inference = pool("inference", inferenceCount);
    loading = pool("load", 1);
    importing = pool("import", 1);
    pulling = pool("pull", 1);
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("likeness-timer").factory());
  }

  private static ExecutorService pool(String name, int threads) {
    return Executors.newFixedThreadPool(
        threads, Thread.ofPlatform().daemon().name("likeness-" + name + "-", 0).factory());
  }

  public int decodingCount() {
    return decodingCount;
  }

  public int inferenceCount() {
    return inferenceCount;
  }

  /** One thread, so that two large networks do not meet in memory. */
  public ExecutorService loading() {
    return loading;
  }

  /** One thread: an import holds a whole network in memory. */
  public ExecutorService importing() {
    return importing;
  }

  /** One thread, which mostly waits for a download. */
  public ExecutorService pulling() {
    return pulling;
  }

  public ScheduledExecutorService timer() {
    return timer;
  }

  BatchingThreads forBatching() {
    return new BatchingThreads(
        decoding,
        inference,
        (delay, action) -> {
          var unused = timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        },
        System::nanoTime);
  }

  @PreDestroy
  void stop() {
    List.of(timer, pulling, importing, loading, decoding, inference)
        .forEach(ExecutorService::shutdownNow);
  }
}
