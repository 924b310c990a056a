package dev.likeness.embedder.batching;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of equally long arrays that are used again and again, so that a stream of images
 * leaves no garbage of half a megabyte each. Guarded by its owner's lock.
 */
final class TensorBuffers {

  private final int length;
  private final int maximum;
  private final ArrayDeque<float[]> free = new ArrayDeque<>();
  private int taken;

  /**
   * @param length floats of each array
   * @param maximum arrays in use at a time
   */
  TensorBuffers(int length, int maximum) {
    this.length = length;
    this.maximum = maximum;
  }

  /** An array with old contents, or null if all are in use. */
  float @Nullable [] tryTake() {
    if (taken == maximum) {
      return null;
    }
    taken++;
    float[] reused = free.poll();
    return reused != null ? reused : new float[length];
  }

  void giveBack(float[] array) {
    taken--;
    free.push(array);
  }
}
