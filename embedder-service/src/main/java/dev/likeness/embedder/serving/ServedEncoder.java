package dev.likeness.embedder.serving;

import dev.likeness.embedder.batching.Deadline;
import dev.likeness.embedder.batching.DynamicBatcher;
import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelVersion;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One version of an encoder in memory. Safe for use by many threads. */
public final class ServedEncoder {

  private final ModelPackage model;
  private final DynamicBatcher batcher;
  private final @Nullable Double imagesPerSecond;

  /** One whose speed was not measured. */
  public ServedEncoder(ModelPackage model, DynamicBatcher batcher) {
    this(model, batcher, null);
  }

  /**
   * @param imagesPerSecond of the network alone; null if it is not known
   */
  public ServedEncoder(
      ModelPackage model, DynamicBatcher batcher, @Nullable Double imagesPerSecond) {
    this.model = model;
    this.batcher = batcher;
    this.imagesPerSecond = imagesPerSecond;
  }

  /** Of the network alone, one image at a time, when it was loaded. */
  Optional<Double> imagesPerSecond() {
    return Optional.ofNullable(imagesPerSecond);
  }

  public ModelPackage model() {
    return model;
  }

  public ModelVersion version() {
    return model.version();
  }

  /** Images that wait. */
  public int waitingCount() {
    return batcher.waitingCount();
  }

  /**
   * Queues an image.
   *
   * @param whenFull what to do if the queue is full
   * @return empty if this version is being replaced, so that the caller takes its successor
   */
  Optional<CompletableFuture<EmbeddedImage>> submit(
      byte[] image, @Nullable Deadline deadline, WhenFull whenFull) throws InterruptedException {
    return switch (whenFull) {
      case REFUSE -> batcher.submit(image, deadline);
      case WAIT -> batcher.submitWhenRoom(image, deadline);
    };
  }

  /** Finishes the images it has and frees its memory. */
  CompletableFuture<Void> retire() {
    return batcher.retire();
  }
}
