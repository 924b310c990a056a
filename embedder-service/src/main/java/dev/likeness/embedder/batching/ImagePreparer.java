package dev.likeness.embedder.batching;

import dev.likeness.embedder.failure.ImageRejectedException;

/** Encoded bytes to a network's input. Called by several threads at a time. */
@FunctionalInterface
public interface ImagePreparer {

  /**
   * @param image the encoded file
   * @param tensor filled completely, float32 [3][size][size]
   * @throws ImageRejectedException if the image cannot be decoded
   */
  void prepare(byte[] image, float[] tensor);
}
