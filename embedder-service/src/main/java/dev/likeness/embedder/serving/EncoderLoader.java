package dev.likeness.embedder.serving;

import dev.likeness.encoders.store.ModelPackage;

/** Brings a package into memory. Called by one thread at a time. */
@FunctionalInterface
public interface EncoderLoader {

  /**
   * Loads, verifies against the golden pair, and warms up; what it returns can serve at once.
   *
   * @throws RuntimeException if any of it fails, with nothing left in memory
   */
  ServedEncoder load(ModelPackage model);
}
