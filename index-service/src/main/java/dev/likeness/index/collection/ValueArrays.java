package dev.likeness.index.collection;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays for the values of batches, which are used again once a batch is settled: clearing new ones
 * and bringing them into the cache costs as much as scaling the values. The garbage collector may
 * take them when memory is short. Safe for any thread.
 */
final class ValueArrays {

  /** A batch of 1,000 vectors of 1024 values. */
  private static final long MOST_KEPT_BYTES = 4 << 20;

  private final int dimension;
  private final int mostKept;
  private SoftReference<List<float[]>> kept = new SoftReference<>(null); // guarded by this

  ValueArrays(int dimension) {
    this.dimension = dimension;
    mostKept = (int) (MOST_KEPT_BYTES / Float.BYTES / dimension);
  }

  /** It may hold what others left there. */
  synchronized float[] take() {
    List<float[]> free = kept.get();
    return free == null || free.isEmpty() ? new float[dimension] : free.removeLast();
  }

  /** Nobody else may use them any more. */
  synchronized void giveBack(List<float[]> arrays) {
    List<float[]> free = kept.get();
    if (free == null) {
      free = new ArrayList<>();
      kept = new SoftReference<>(free);
    }
    int room = Math.max(0, mostKept - free.size());
    free.addAll(arrays.subList(0, Math.min(room, arrays.size())));
  }
}
