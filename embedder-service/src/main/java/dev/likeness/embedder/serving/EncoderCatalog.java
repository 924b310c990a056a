package dev.likeness.embedder.serving;

import dev.likeness.embedder.batching.Deadline;
import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.embedder.failure.EmbedderException;
import dev.likeness.embedder.failure.EncoderNotFoundException;
import dev.likeness.embedder.failure.EncoderNotLoadedException;
import dev.likeness.embedder.serving.LifeCycle.Failed;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The encoders in memory, each in the version that serves its name unless another one was asked
 * for.
 *
 * <p>An encoder is loaded on first use; callers that come meanwhile share that load. When another
 * version is to serve the name, it replaces the one before once it is verified ({@link
 * ServingVersions}). Versions that callers name are served beside it ({@link OtherVersions}).
 *
 * <p>Safe for use by many threads. Methods that wait say so.
 */
public final class EncoderCatalog {

  private final ModelShelf shelf;
  private final ServingVersions versions;
  private final OtherVersions others;
  private final DrainingEncoders draining = new DrainingEncoders();
  private final Set<EncoderName> pinned = ConcurrentHashMap.newKeySet();

  /**
   * @param loads runs one load at a time, so that two large networks do not meet in memory
   * @param otherVersions versions that are kept in memory beside those that serve their names
   */
  public EncoderCatalog(ModelShelf shelf, EncoderLoader loader, Executor loads, int otherVersions) {
    this.shelf = shelf;
    this.versions = new ServingVersions(loader, loads, draining);
    this.others = new OtherVersions(loader, loads, draining, otherVersions);
  }

  /**
   * Queues an image with the version that serves now; loads the encoder if none does. Waits for
   * that load, and for room where the caller wants to.
   *
   * @throws EncoderNotFoundException if there is no such encoder
   * @throws EncoderNotLoadedException if it cannot be loaded
   */
  public Submission submit(
      String name, byte[] image, @Nullable Deadline deadline, WhenFull whenFull)
      throws InterruptedException {
    return submit(name, null, image, deadline, whenFull);
  }

  /**
   * The same with one version, which is loaded beside the one that serves the name.
   *
   * @param version null for the one that serves the name
   */
  public Submission submit(
      String name,
      @Nullable Integer version,
      byte[] image,
      @Nullable Deadline deadline,
      WhenFull whenFull)
      throws InterruptedException {
    while (true) {
      ServedEncoder encoder = version == null ? acquire(name) : acquire(name, version);
      Optional<CompletableFuture<EmbeddedImage>> result = encoder.submit(image, deadline, whenFull);
      if (result.isPresent()) {
        return new Submission(encoder.model(), result.get());
      }
    }
  }

  /** What serves under a name; loads it if nothing does, and waits for it. */
  public ServedEncoder acquire(String name) throws InterruptedException {
    Optional<ServedEncoder> serving = serving(name);
    if (serving.isPresent()) {
      return serving.get();
    }
    ModelPackage promoted = shelf.require(name, null);
    if (versions.stateOf(promoted.name()) instanceof Failed failed
        && failed.version().equals(promoted.version())) {
      throw new EncoderNotLoadedException(promoted.version().toString(), failed.reason());
    }
    return await(versions.request(promoted));
  }

  private ServedEncoder acquire(String name, int version) throws InterruptedException {
    Optional<ServedEncoder> serving = serving(name);
    if (serving.isPresent() && serving.get().version().version() == version) {
      return serving.get();
    }
    ModelPackage model = shelf.require(name, version);
    try {
      return await(others.request(model));
    } catch (IllegalStateException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new EncoderNotLoadedException(
          model.version().toString(), ServingVersions.reasonOf(cause));
    }
  }

  /**
   * Loads a version and waits until it serves. One that is not to serve the name is pinned: it is
   * not replaced until a version is loaded by hand again.
   *
   * @param version null for the one that is to serve the name
   */
  public ServedEncoder load(String name, @Nullable Integer version) throws InterruptedException {
    ModelPackage promoted = shelf.require(name, null);
    ModelPackage model = version == null ? promoted : shelf.require(name, version);
    if (model.version().equals(promoted.version())) {
      pinned.remove(model.name());
    } else {
      pinned.add(model.name());
    }
    return await(versions.request(model));
  }

  /** Stops serving an encoder and waits until the images it has are done and its memory is free. */
  public void unload(String name) throws InterruptedException {
    free(shelf.require(name, null).name());
  }

  /**
   * Frees a version that is in the store no more, if it is in memory or on its way there, and waits
   * for that. What is left of its encoder is loaded on the next use.
   */
  public void forget(ModelVersion version) throws InterruptedException {
    await(others.forget(version));
    if (versions.knows(version)) {
      free(version.name());
    }
  }

  private void free(EncoderName encoder) throws InterruptedException {
    pinned.remove(encoder);
    await(versions.free(encoder));
  }

  /**
   * Starts to replace an encoder by the version that is to serve its name, if it is served in
   * another one, is not pinned, and that version did not fail before. Does not wait.
   */
  public void refresh(EncoderName name) {
    Optional<ServedEncoder> serving = versions.stateOf(name).serving();
    if (serving.isEmpty() || pinned.contains(name)) {
      return;
    }
    Optional<ModelPackage> promoted = shelf.serving(name);
    if (promoted.isPresent()
        && !promoted.get().version().equals(serving.get().version())
        && !versions.knows(promoted.get().version())) {
      var unused = versions.request(promoted.get());
    }
  }

  /** {@link #refresh} for every encoder in memory. */
  public void refreshAll() {
    versions.names().forEach(this::refresh);
  }

  /** What serves now. */
  public List<ServedEncoder> serving() {
    return versions.serving();
  }

  /** The version that serves each name of the store, by name. */
  public List<EncoderStatus> list() {
    return shelf.serving().stream().map(this::statusOf).toList();
  }

  /** The newest version with a fingerprint, whatever its name. */
  public Optional<EncoderStatus> findByFingerprint(String fingerprint) {
    return shelf.withFingerprint(fingerprint).map(this::statusOf);
  }

  /**
   * @param version null for the one that serves the name
   * @throws EncoderNotFoundException if there is no such encoder
   */
  public EncoderStatus find(String name, @Nullable Integer version) {
    return statusOf(shelf.require(name, version));
  }

  /** A package and whether it is served. */
  public EncoderStatus statusOf(ModelPackage model) {
    LifeCycle state = versions.stateOf(model.name());
    ServingState serving = state.stateOf(model.version());
    String reason =
        serving == ServingState.FAILED && state instanceof Failed failed ? failed.reason() : "";
    Double speed =
        state
            .serving()
            .filter(encoder -> encoder.version().equals(model.version()))
            .flatMap(ServedEncoder::imagesPerSecond)
            .orElse(null);
    return new EncoderStatus(model, serving, reason, speed);
  }

  /** Takes no more images and frees all memory once those in flight are done. */
  public CompletableFuture<Void> close() {
    versions.close();
    CompletableFuture<Void> othersFreed = others.close();
    return CompletableFuture.allOf(draining.allFreed(), othersFreed);
  }

  private Optional<ServedEncoder> serving(String name) {
    try {
      return versions.stateOf(new EncoderName(name)).serving();
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
  }

  private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      while (cause instanceof CompletionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      if (cause instanceof EmbedderException explained) {
        throw explained;
      }
      throw new IllegalStateException(cause);
    }
  }
}
