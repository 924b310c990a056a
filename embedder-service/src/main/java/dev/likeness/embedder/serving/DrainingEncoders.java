package dev.likeness.embedder.serving;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Encoders that get no more images and finish those they have. Whoever stops the service waits for
 * them too. Safe for use by many threads.
 */
final class DrainingEncoders {

  private final Map<ServedEncoder, CompletableFuture<Void>> draining = new ConcurrentHashMap<>();

  /** Completes when the encoder's images are done and its memory is free. */
  CompletableFuture<Void> retire(ServedEncoder encoder) {
    CompletableFuture<Void> freed = encoder.retire();
    draining.put(encoder, freed);
    return freed.whenComplete((done, failure) -> draining.remove(encoder));
  }

  /** Completes when all that were retired until now are free. */
  CompletableFuture<Void> allFreed() {
    return CompletableFuture.allOf(draining.values().toArray(CompletableFuture[]::new));
  }
}
