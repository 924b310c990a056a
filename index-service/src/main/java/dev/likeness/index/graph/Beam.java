package dev.likeness.index.graph;

import java.util.Arrays;

/**
 * The best nodes seen so far, best first, until as many of them as wanted may be answered. Nodes
 * that may not be answered stay among them, since the way to others leads through them. Owned by
 * one thread.
 *
 * <p>An entry is one long, so that order is one comparison: the score as an ordered integer above,
 * the node and two marks below.
 */
final class Beam {

  private static final long EXPANDED = 1;
  private static final long ALLOWED = 2;
  private static final int NODE_SHIFT = 2;

  private long[] entries = new long[256];
  private int size;
  private int wanted;
  private int allowedCount;
  private int cursor;
  private float threshold;

  void clear(int allowedWanted) {
    wanted = allowedWanted;
    size = 0;
    allowedCount = 0;
    cursor = 0;
    threshold = Float.NEGATIVE_INFINITY;
  }

  /** Only better scores change anything. */
  float threshold() {
    return threshold;
  }

  int size() {
    return size;
  }

  int node(int at) {
    return (int) (entries[at] & 0xFFFFFFFFL) >>> NODE_SHIFT;
  }

  float score(int at) {
    int ordered = (int) (entries[at] >> 32);
    return Float.intBitsToFloat(ordered ^ (ordered >> 31 & Integer.MAX_VALUE));
  }

  boolean isAllowed(int at) {
    return (entries[at] & ALLOWED) != 0;
  }

  /**
   * @param score above the threshold
   * @param node below 2^30
   */
  void add(int node, float score, boolean allowed) {
    int bits = Float.floatToRawIntBits(score);
    long entry =
        (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32
            | (long) node << NODE_SHIFT
            | (allowed ? ALLOWED : 0);
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, 2 * size);
    }
    int at = positionOf(entry);
    System.arraycopy(entries, at, entries, at + 1, size - at);
    entries[at] = entry;
    size++;
    cursor = Math.min(cursor, at);
    if (allowed) {
      allowedCount++;
    }
    if (allowedCount >= wanted) {
      trim();
    }
  }

  /** The best node that was not expanded yet, from now on expanded; -1 if there is none. */
  int next() {
    for (; cursor < size; cursor++) {
      if ((entries[cursor] & EXPANDED) == 0) {
        entries[cursor] |= EXPANDED;
        return node(cursor++);
      }
    }
    return -1;
  }

  private int positionOf(long entry) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries[middle] > entry) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Ends it with the last one wanted. */
  private void trim() {
    while (allowedCount > wanted || !isAllowed(size - 1)) {
      size--;
      if (isAllowed(size)) {
        allowedCount--;
      }
    }
    threshold = score(size - 1);
  }
}
