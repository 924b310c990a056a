package dev.likeness.embedder.operation;

import dev.likeness.embedder.batching.BatchingObserver;
import dev.likeness.embedder.failure.ImageRejectedException;
import dev.likeness.embedder.failure.InferenceFailedException;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.ServedEncoder;
import dev.likeness.encoders.store.EncoderName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Meters per encoder: {@code likeness.embedder.} {@code queue.size}, {@code batch.size}, {@code
 * decode}, {@code queue}, {@code inference} (seconds), {@code dropped}, {@code refused}, {@code
 * failures}.
 */
@Singleton
public class EmbedderMetrics {

  private static final String PREFIX = "likeness.embedder.";

  private final MeterRegistry registry;
  private final Instance<EncoderCatalog> catalog;
  private final Map<EncoderName, BatchingObserver> observers = new ConcurrentHashMap<>();

  /** Called by the container. */
  public EmbedderMetrics(MeterRegistry registry, Instance<EncoderCatalog> catalog) {
    this.registry = registry;
    this.catalog = catalog;
  }

  /** The same observer for all versions of an encoder. */
  public BatchingObserver observerOf(EncoderName encoder) {
    return observers.computeIfAbsent(encoder, this::register);
  }

  private BatchingObserver register(EncoderName encoder) {
    Tags tags = Tags.of("encoder", encoder.value());
    registry.gauge(PREFIX + "queue.size", tags, encoder, this::waitingCount);
    return new Meters(
        registry,
        tags,
        registry.timer(PREFIX + "decode", tags),
        registry.timer(PREFIX + "queue", tags),
        registry.timer(PREFIX + "inference", tags),
        registry.summary(PREFIX + "batch.size", tags),
        registry.counter(PREFIX + "refused", tags));
  }

  private double waitingCount(EncoderName encoder) {
    return catalog.get().serving().stream()
        .filter(served -> served.version().name().equals(encoder))
        .mapToInt(ServedEncoder::waitingCount)
        .sum();
  }

  private record Meters(
      MeterRegistry registry,
      Tags tags,
      Timer decode,
      Timer queue,
      Timer inference,
      DistributionSummary batchSize,
      Counter refusals)
      implements BatchingObserver {

    @Override
    public void decoded(long nanos) {
      decode.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void queued(long nanos) {
      queue.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void embedded(int size, long nanos) {
      batchSize.record(size);
      inference.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void dropped(DropReason reason) {
      registry
          .counter(PREFIX + "dropped", tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
          .increment();
    }

    @Override
    public void refused() {
      refusals.increment();
    }

    @Override
    public void failed(Throwable cause) {
      registry.counter(PREFIX + "failures", tags.and("reason", reasonOf(cause))).increment();
    }

    private static String reasonOf(Throwable cause) {
      return switch (cause) {
        case ImageRejectedException rejected ->
            "image_" + rejected.reason().name().toLowerCase(Locale.ROOT);
        case InferenceFailedException inference -> "inference";
        default -> "unexpected";
      };
    }
  }
}
