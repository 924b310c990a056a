package dev.likeness.embedder.serving;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Encoders that get no more images and finish those they have. Whoever stops the service waits for
 * them too. Safe for use by many threads.
 */
final class DrainingEncoders {

  private final Set<CompletableFuture<Void>> draining = ConcurrentHashMap.newKeySet();

  /** Completes when the encoder's images are done and its memory is free. */
  CompletableFuture<Void> retire(ServedEncoder encoder) {
    CompletableFuture<Void> freed = encoder.retire();
    draining.add(freed);
    return freed.whenComplete((done, failure) -> draining.remove(freed));
  }

  /** Completes when all that were retired until now are free. */
  CompletableFuture<Void> allFreed() {
    return CompletableFuture.allOf(draining.toArray(CompletableFuture[]::new));
  }
}
