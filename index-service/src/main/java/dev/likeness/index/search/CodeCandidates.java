package dev.likeness.index.search;

import java.util.Arrays;

/**
 * Rows that may be among the k best of one query, by what their codes promise: a row is out as soon
 * as k others have a lower bound above its upper bound. Owned by one thread until merged.
 */
final class CodeCandidates {

  private static final int INITIAL = 64;

  private final int k;
  private final float[] lowerBounds; // heap of the k highest, the least on top
  private int boundCount;
  private int[] ordinals = new int[INITIAL];
  private float[] upperBounds = new float[INITIAL];
  private int count;

  CodeCandidates(int k) {
    this.k = k;
    lowerBounds = new float[k];
  }

  /** No row with an upper bound below this can be among the k best. */
  float floor() {
    return boundCount < k ? Float.NEGATIVE_INFINITY : lowerBounds[0];
  }

  /** A row whose upper bound is not below the floor. */
  void add(int ordinal, float lowerBound, float upperBound) {
    if (count == ordinals.length) {
      prune();
      if (count > ordinals.length / 2) {
        ordinals = Arrays.copyOf(ordinals, 2 * ordinals.length);
        upperBounds = Arrays.copyOf(upperBounds, ordinals.length);
      }
    }
    ordinals[count] = ordinal;
    upperBounds[count++] = upperBound;
    addBound(lowerBound);
  }

  void addAll(CodeCandidates other) {
    for (int i = 0; i < other.boundCount; i++) {
      addBound(other.lowerBounds[i]);
    }
    ordinals = Arrays.copyOf(ordinals, Math.max(ordinals.length, count + other.count));
    upperBounds = Arrays.copyOf(upperBounds, ordinals.length);
    System.arraycopy(other.ordinals, 0, ordinals, count, other.count);
    System.arraycopy(other.upperBounds, 0, upperBounds, count, other.count);
    count += other.count;
  }

  /** Forgets the rows that are out by now. */
  void prune() {
    prune(floor());
  }

  /**
   * Forgets the rows that are out.
   *
   * @param floor no row with an upper bound below it can be among the k best, here or elsewhere
   */
  void prune(float floor) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (upperBounds[i] >= floor) {
        ordinals[kept] = ordinals[i];
        upperBounds[kept++] = upperBounds[i];
      }
    }
    count = kept;
  }

  /** Orders them by their upper bounds, the highest first. */
  void sortBestFirst() {
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToIntBits(upperBounds[i]);
      int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      keys[i] = (long) ~ascending << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    int[] sortedOrdinals = new int[count];
    float[] sortedBounds = new float[count];
    for (int i = 0; i < count; i++) {
      sortedOrdinals[i] = ordinals[(int) keys[i]];
      sortedBounds[i] = upperBounds[(int) keys[i]];
    }
    ordinals = sortedOrdinals;
    upperBounds = sortedBounds;
  }

  int count() {
    return count;
  }

  int ordinal(int candidate) {
    return ordinals[candidate];
  }

  float upperBound(int candidate) {
    return upperBounds[candidate];
  }

  private void addBound(float bound) {
    if (boundCount < k) {
      int at = boundCount++;
      for (; at > 0 && bound < lowerBounds[(at - 1) / 2]; at = (at - 1) / 2) {
        lowerBounds[at] = lowerBounds[(at - 1) / 2];
      }
      lowerBounds[at] = bound;
    } else if (bound > lowerBounds[0]) {
      replaceLeast(bound);
    }
  }

  private void replaceLeast(float bound) {
    int at = 0;
    for (int child = 1; child < k; child = 2 * at + 1) {
      if (child + 1 < k && lowerBounds[child + 1] < lowerBounds[child]) {
        child++;
      }
      if (lowerBounds[child] >= bound) {
        break;
      }
      lowerBounds[at] = lowerBounds[child];
      at = child;
    }
    lowerBounds[at] = bound;
  }
}
