package dev.likeness.embedder.serving;

import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import java.time.Duration;

/**
 * How fast a network is on this machine: one image at a time, by one caller, without decoding.
 * Other work at the same time makes it smaller; it is for people, not for decisions.
 */
final class InferenceSpeed {

  /**
   * Enough for a steady figure of a small network, and not too long for one that takes a second.
   */
  private static final Duration LONG_ENOUGH = Duration.ofMillis(200);

  private static final int MOST_RUNS = 20;

  private InferenceSpeed() {}

  /**
   * @param network one that has run before, so that its memory is planned
   * @return images per second
   */
  static double measure(OnnxImageEmbedder network) {
    float[] image = new float[network.tensorLength()];
    long start = System.nanoTime();
    int runs = 0;
    do {
      network.embed(image, 1);
      runs++;
    } while (runs < MOST_RUNS && System.nanoTime() - start < LONG_ENOUGH.toNanos());
    return runs * 1e9 / Math.max(1, System.nanoTime() - start);
  }
}
