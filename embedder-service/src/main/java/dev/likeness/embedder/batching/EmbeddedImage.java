package dev.likeness.embedder.batching;

import java.time.Duration;

/** A vector and where the time went. Immutable. */
public final class EmbeddedImage {

  private final float[] vector;
  private final Timing timing;

  EmbeddedImage(float[] vector, Timing timing) {
    this.vector = vector;
    this.timing = timing;
  }

  public int dimension() {
    return vector.length;
  }

  /** One element of the vector, which has unit length. */
  public float value(int index) {
    return vector[index];
  }

  /** A copy of the vector. */
  public float[] toArray() {
    return vector.clone();
  }

  public Timing timing() {
    return timing;
  }

  /**
   * @param decode reading the file format and preprocessing
   * @param queue waiting, before decoding and before inference
   * @param inference time of the batch divided by its size
   * @param batchSize images in the batch
   */
  public record Timing(Duration decode, Duration queue, Duration inference, int batchSize) {}
}
