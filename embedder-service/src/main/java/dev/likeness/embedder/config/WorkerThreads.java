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
 *
 * <p>Where runs of one image keep every processor busy, the threads that run networks decode too,
 * each an image before its run. Threads of their own would only interrupt runs, and empty the
 * caches in the middle of them.
 */
@Singleton
public class WorkerThreads {

  private final int decodingCount;
  private final int inferenceCount;
  private final boolean decodesBetweenRuns;
  private final ExecutorService decoding;
  private final ExecutorService inference;
  private final ExecutorService loading;
  private final ExecutorService importing;
  private final ExecutorService pulling;
  private final ScheduledExecutorService timer;

  /** Called by the container. */
  public WorkerThreads(EmbedderConfig config) {
    int processors = Runtime.getRuntime().availableProcessors();
    inferenceCount = config.inference().threads().orElse(processors);
    inference = pool("inference", inferenceCount);
    decodesBetweenRuns =
        config.decoding().threads().isEmpty()
            && config.batching().maxBatch() == 1
            && inferenceCount >= processors;
    decodingCount =
        decodesBetweenRuns ? inferenceCount : config.decoding().threads().orElse(processors);
    decoding = decodesBetweenRuns ? inference : pool("decode", decodingCount);
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

  /** Images that are worth being prepared at a time, each with memory for its tensor. */
  public int preparedImages(int maxBatch) {
    // Between runs one for each thread; else a batch for each, one more, and what is being decoded.
    return decodesBetweenRuns ? inferenceCount : maxBatch * (inferenceCount + 1) + decodingCount;
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
