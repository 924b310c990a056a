package dev.likeness.embedder.serving;

import dev.likeness.embedder.failure.EncoderNotLoadedException;
import dev.likeness.embedder.serving.LifeCycle.Active;
import dev.likeness.embedder.serving.LifeCycle.Loading;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The version of each encoder that answers for its name, and how another one takes its place: it is
 * loaded and verified beside the one before, which serves meanwhile, gets no more images in the
 * same step, and is freed when those it has are done. A load that fails changes nothing.
 *
 * <p>Safe for use by many threads. Transitions happen under a lock; readers look at an immutable
 * state.
 */
final class ServingVersions {

  private static final Logger LOG = System.getLogger(ServingVersions.class.getName());

  private final EncoderLoader loader;
  private final Executor loads;
  private final DrainingEncoders draining;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<EncoderName, LifeCycle> states = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * @param loads runs one load at a time
   */
  ServingVersions(EncoderLoader loader, Executor loads, DrainingEncoders draining) {
    this.loader = loader;
    this.loads = loads;
    this.draining = draining;
  }

  LifeCycle stateOf(EncoderName name) {
    return states.getOrDefault(name, LifeCycle.AVAILABLE);
  }

  /** The names that are in memory, or were tried. */
  Set<EncoderName> names() {
    return Set.copyOf(states.keySet());
  }

  /** What serves now. */
  List<ServedEncoder> serving() {
    return states.values().stream().flatMap(state -> state.serving().stream()).toList();
  }

  /**
   * Makes a version the one that serves its name. Requests for one that is being loaded share that
   * load; those for another one come after it.
   */
  CompletableFuture<ServedEncoder> request(ModelPackage model) {
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
        var unused = draining.retire(loaded);
        throw new IllegalStateException("the service is stopping");
      }
      LOG.log(Level.INFO, "serving {0}", model.version());
      loading.result().complete(loaded);
    } catch (RuntimeException | LinkageError | OutOfMemoryError failure) {
      String reason = reasonOf(failure);
      LOG.log(Level.WARNING, "encoder " + model.version() + " was not loaded: " + reason);
      fail(loading, reason);
      loading
          .result()
          .completeExceptionally(new EncoderNotLoadedException(model.version().toString(), reason));
    }
  }

  /** False if all was closed meanwhile. */
  private boolean replace(Loading loading, ServedEncoder loaded) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      states.put(loading.version().name(), loading.succeed(loaded));
      if (loading.previous() != null) {
        var unused = draining.retire(loading.previous());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void fail(Loading loading, String reason) {
    lock.lock();
    try {
      if (!closed) {
        states.put(loading.version().name(), loading.fail(reason));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What to tell a caller of a load that failed. */
  static String reasonOf(Throwable failure) {
    return switch (failure) {
      case OutOfMemoryError memory -> "there is not enough memory; unload another encoder";
      case LinkageError missing -> "ONNX Runtime does not run on this machine";
      default -> String.valueOf(failure.getMessage());
    };
  }

  /** Whether a version serves, is being loaded, or was tried last. */
  boolean knows(ModelVersion version) {
    return stateOf(version.name()).stateOf(version) != ServingState.AVAILABLE;
  }

  /**
   * Takes an encoder out of memory, after the load that is under way; completes when the images it
   * has are done.
   */
  CompletableFuture<Void> free(EncoderName name) {
    lock.lock();
    try {
      LifeCycle state = stateOf(name);
      if (state instanceof Loading loading) {
        return loading
            .result()
            .handle((loaded, failed) -> Boolean.TRUE)
            .thenCompose(settled -> free(name));
      }
      states.remove(name);
      return state
          .serving()
          .map(draining::retire)
          .orElseGet(() -> CompletableFuture.completedFuture(null));
    } finally {
      lock.unlock();
    }
  }

  /** Retires all and loads no more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      for (ServedEncoder encoder : serving()) {
        var _ = draining.retire(encoder);
      }
      states.clear();
    } finally {
      lock.unlock();
    }
  }
}
