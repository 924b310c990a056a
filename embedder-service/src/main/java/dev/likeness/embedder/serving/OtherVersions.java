package dev.likeness.embedder.serving;

import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Versions in memory beside those that serve their names: a collection that was filled by an older
 * version is searched with that one until another takes its place. A few are kept; the longest
 * unused goes when there are more.
 *
 * <p>Safe for use by many threads.
 */
final class OtherVersions {

  private final EncoderLoader loader;
  private final Executor loads;
  private final DrainingEncoders draining;
  private final int most;
  private final Object lock = new Object();

  /** The longest unused first. */
  private final Map<ModelVersion, CompletableFuture<ServedEncoder>> versions =
      new LinkedHashMap<>(8, 0.75f, /* accessOrder= */ true);

  private boolean closed;

  /**
   * @param most versions that are kept, at least 1
   */
  OtherVersions(EncoderLoader loader, Executor loads, DrainingEncoders draining, int most) {
    this.loader = loader;
    this.loads = loads;
    this.draining = draining;
    this.most = most;
  }

  /** A version, being loaded or loaded; the load is begun if there is none. */
  CompletableFuture<ServedEncoder> request(ModelPackage model) {
    CompletableFuture<ServedEncoder> fresh = new CompletableFuture<>();
    synchronized (lock) {
      CompletableFuture<ServedEncoder> known = versions.get(model.version());
      if (known != null && !known.isCompletedExceptionally()) {
        return known;
      }
      if (closed) {
        fresh.completeExceptionally(new IllegalStateException("the service is stopping"));
        return fresh;
      }
      versions.put(model.version(), fresh);
      for (CompletableFuture<ServedEncoder> superfluous : dropLongestUnused()) {
        var _ = retire(superfluous); // or somebody who closes would see it in neither place
      }
    }
    loads.execute(() -> load(model, fresh));
    return fresh;
  }

  private List<CompletableFuture<ServedEncoder>> dropLongestUnused() {
    List<CompletableFuture<ServedEncoder>> dropped = new ArrayList<>();
    var oldest = versions.values().iterator();
    for (int more = versions.size() - most; more > 0; more--) {
      dropped.add(oldest.next());
      oldest.remove();
    }
    return dropped;
  }

  private void load(ModelPackage model, CompletableFuture<ServedEncoder> result) {
    try {
      result.complete(loader.load(model));
    } catch (RuntimeException | LinkageError | OutOfMemoryError failure) {
      drop(model.version(), result);
      result.completeExceptionally(failure);
    }
  }

  private void drop(ModelVersion version, CompletableFuture<ServedEncoder> entry) {
    synchronized (lock) {
      versions.remove(version, entry);
    }
  }

  /** Frees a version; completes when the images it has are done. */
  CompletableFuture<Void> forget(ModelVersion version) {
    CompletableFuture<ServedEncoder> entry;
    synchronized (lock) {
      entry = versions.remove(version);
    }
    return retire(entry);
  }

  /** Frees all versions and loads no more. */
  CompletableFuture<Void> close() {
    List<CompletableFuture<ServedEncoder>> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(versions.values());
      versions.clear();
    }
    return CompletableFuture.allOf(
        all.stream().map(this::retire).toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> retire(@Nullable CompletableFuture<ServedEncoder> entry) {
    return entry == null
        ? CompletableFuture.completedFuture(null)
        : entry.thenCompose(draining::retire).exceptionally(failed -> null);
  }
}
