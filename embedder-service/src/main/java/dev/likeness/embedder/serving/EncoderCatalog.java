package dev.likeness.embedder.serving;

import dev.likeness.embedder.batching.Deadline;
import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.embedder.failure.EmbedderException;
import dev.likeness.embedder.failure.EncoderNotFoundException;
import dev.likeness.embedder.failure.EncoderNotLoadedException;
import dev.likeness.embedder.serving.LifeCycle.Active;
import dev.likeness.embedder.serving.LifeCycle.Failed;
import dev.likeness.embedder.serving.LifeCycle.Loading;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The encoders in memory, each in the version that serves its name unless another one was asked
 * for.
 *
 * <p>An encoder is loaded on first use; callers that come meanwhile share that load. When another
 * version is to serve the name, it replaces the one before once it is verified: from then on it
 * gets every image, the one before finishes those it has and is freed. A load that fails changes
 * nothing for callers of the version before. Versions that callers name are served beside it.
 *
 * <p>Safe for use by many threads. Transitions happen under a lock; readers look at an immutable
 * state. Methods that wait say so.
 */
public final class EncoderCatalog {

  private static final Logger LOG = System.getLogger(EncoderCatalog.class.getName());

  private final ModelShelf shelf;
  private final EncoderLoader loader;
  private final Executor loads;

  private final OtherVersions others;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<EncoderName, LifeCycle> states = new ConcurrentHashMap<>();
  private final Set<EncoderName> pinned = new HashSet<>();

  /** Taken out of {@link #states}, but not yet free. */
  private final Set<ServedEncoder> leaving = new HashSet<>();

  private volatile boolean closed;

  /**
   * @param loads runs one load at a time, so that two large networks do not meet in memory
   * @param otherVersions versions that are kept in memory beside those that serve their names
   */
  public EncoderCatalog(ModelShelf shelf, EncoderLoader loader, Executor loads, int otherVersions) {
    this.others = new OtherVersions(loader, loads, otherVersions);
    this.shelf = shelf;
    this.loader = loader;
    this.loads = loads;
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
    if (stateOf(promoted.name()) instanceof Failed failed
        && failed.version().equals(promoted.version())) {
      throw new EncoderNotLoadedException(promoted.version().toString(), failed.reason());
    }
    return await(request(promoted));
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
      throw new EncoderNotLoadedException(model.version().toString(), reasonOf(cause));
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
    pin(model.name(), !model.version().equals(promoted.version()));
    return await(request(model));
  }

  /** Stops serving an encoder and waits until the images it has are done and its memory is free. */
  public void unload(String name) throws InterruptedException {
    EncoderName encoder = shelf.require(name, null).name();
    free(encoder);
  }

  /**
   * Frees a version that is in the store no more, if it is in memory or on its way there, and waits
   * for that. What is left of its encoder is loaded on the next use.
   */
  public void forget(ModelVersion version) throws InterruptedException {
    await(others.forget(version));
    LifeCycle state = stateOf(version.name());
    boolean serving =
        state.serving().filter(encoder -> encoder.version().equals(version)).isPresent();
    if (serving || state.stateOf(version) != ServingState.AVAILABLE) {
      free(version.name());
    }
  }

  private void free(EncoderName encoder) throws InterruptedException {
    LifeCycle state = takeOut(encoder);
    while (state instanceof Loading loading) {
      await(loading.result().handle((loaded, failed) -> Boolean.TRUE));
      state = takeOut(encoder);
    }
    Optional<ServedEncoder> served = state.serving();
    if (served.isPresent()) {
      await(retire(served.get()));
    }
  }

  /** Makes an encoder available only, unless it is being loaded; gives the state it was in. */
  private LifeCycle takeOut(EncoderName encoder) {
    lock.lock();
    try {
      LifeCycle state = stateOf(encoder);
      if (!(state instanceof Loading)) {
        states.remove(encoder);
        pinned.remove(encoder);
        state.serving().ifPresent(leaving::add);
      }
      return state;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts to replace an encoder by the version that is to serve its name, if it is served in
   * another one, is not pinned, and that version did not fail before. Does not wait.
   */
  public void refresh(EncoderName name) {
    Optional<ServedEncoder> serving = stateOf(name).serving();
    if (serving.isEmpty() || isPinned(name)) {
      return;
    }
    Optional<ModelPackage> promoted = shelf.serving(name);
    if (promoted.isPresent()
        && !promoted.get().version().equals(serving.get().version())
        && stateOf(name).stateOf(promoted.get().version()) == ServingState.AVAILABLE) {
      var unused = request(promoted.get());
    }
  }

  /** {@link #refresh} for every encoder in memory. */
  public void refreshAll() {
    states.keySet().forEach(this::refresh);
  }

  /** What serves now. */
  public List<ServedEncoder> serving() {
    return states.values().stream().flatMap(state -> state.serving().stream()).toList();
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
    LifeCycle state = stateOf(model.name());
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
    List<CompletableFuture<Void>> freed = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      serving().forEach(encoder -> freed.add(encoder.retire()));
      List.copyOf(leaving).forEach(encoder -> freed.add(encoder.retire()));
      freed.add(others.close());
      states.clear();
    } finally {
      lock.unlock();
    }
    return CompletableFuture.allOf(freed.toArray(CompletableFuture[]::new));
  }

  private Optional<ServedEncoder> serving(String name) {
    try {
      return stateOf(new EncoderName(name)).serving();
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
  }

  private LifeCycle stateOf(EncoderName name) {
    return states.getOrDefault(name, LifeCycle.AVAILABLE);
  }

  private CompletableFuture<ServedEncoder> request(ModelPackage model) {
    Loading loading;
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.failedFuture(
            new EncoderNotLoadedException(model.version().toString(), "the service is stopping"));
      }
      LifeCycle state = stateOf(model.name());
      if (state instanceof Active active && active.encoder().version().equals(model.version())) {
        return CompletableFuture.completedFuture(active.encoder());
      }
      if (state instanceof Loading other) {
        return other.version().equals(model.version())
            ? other.result()
            : other.result().handle((loaded, failed) -> loaded).thenCompose(next -> request(model));
      }
      loading = state.load(model.version());
      states.put(model.name(), loading);
    } finally {
      lock.unlock();
    }
    loads.execute(() -> perform(loading, model));
    return loading.result();
  }

  private void perform(Loading loading, ModelPackage model) {
    try {
      ServedEncoder loaded = loader.load(model);
      if (!replace(loading, loaded)) {
        var unused = loaded.retire();
        throw new IllegalStateException("the service is stopping");
      }
      LOG.log(Level.INFO, "serving {0}", model.version());
      loading.result().complete(loaded);
      if (loading.previous() != null) {
        var unused = retire(loading.previous());
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError failure) {
      String reason = reasonOf(failure);
      LOG.log(Level.WARNING, "encoder " + model.version() + " was not loaded: " + reason);
      become(model.name(), loading.fail(reason));
      loading
          .result()
          .completeExceptionally(new EncoderNotLoadedException(model.version().toString(), reason));
    }
  }

  /** False if the catalog was closed meanwhile. */
  private boolean replace(Loading loading, ServedEncoder loaded) {
    lock.lock();
    try {
      if (!become(loading.version().name(), loading.succeed(loaded))) {
        return false;
      }
      if (loading.previous() != null) {
        leaving.add(loading.previous());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean become(EncoderName name, LifeCycle next) {
    lock.lock();
    try {
      if (!closed) {
        states.put(name, next);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Frees an encoder that is {@link #leaving}. */
  private CompletableFuture<Void> retire(ServedEncoder encoder) {
    CompletableFuture<Void> freed = encoder.retire();
    return freed.whenComplete(
        (done, failed) -> {
          lock.lock();
          try {
            leaving.remove(encoder);
          } finally {
            lock.unlock();
          }
        });
  }

  private static String reasonOf(Throwable failure) {
    return switch (failure) {
      case OutOfMemoryError memory -> "there is not enough memory; unload another encoder";
      case LinkageError missing -> "ONNX Runtime does not run on this machine";
      default -> String.valueOf(failure.getMessage());
    };
  }

  private void pin(EncoderName name, boolean pin) {
    lock.lock();
    try {
      if (pin) {
        pinned.add(name);
      } else {
        pinned.remove(name);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isPinned(EncoderName name) {
    lock.lock();
    try {
      return pinned.contains(name);
    } finally {
      lock.unlock();
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
