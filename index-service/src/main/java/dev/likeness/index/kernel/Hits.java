package dev.likeness.index.kernel;

import java.util.Arrays;

/**
 * The pairs of query and row of one kernel call whose score reaches the threshold of the query.
 * Scores that do not are never written down. Owned by one thread, used again for every call.
 */
public final class Hits {

  private final float[] thresholds;
  private final int[] lanes;
  private final int[] rows;
  private final float[] scores;
  private int count;
  private int rowCount;

  /**
   * @param width lanes of the widest panel
   */
  public Hits(int width) {
    thresholds = new float[width];
    int most = VectorKernel.BLOCK_ROWS * width;
    lanes = new int[most];
    rows = new int[most];
    scores = new float[most];
  }

  /** Forgets the hits of the last call, and lets no lane hit until it has a threshold. */
  public void clear() {
    Arrays.fill(thresholds, Float.POSITIVE_INFINITY);
    count = 0;
  }

  /** Scores of this lane that are not below {@code threshold} will be hits. */
  public void setThreshold(int lane, float threshold) {
    thresholds[lane] = threshold;
  }

  public int count() {
    return count;
  }

  /** The lane of the panel that hit. */
  public int lane(int hit) {
    return lanes[hit];
  }

  /** The row, from 0 in this call. */
  public int row(int hit) {
    return rows[hit];
  }

  public float score(int hit) {
    return scores[hit];
  }

  float[] thresholds() {
    return thresholds;
  }

  /** Rows from here on are read but not answered. */
  void limitRows(int limit) {
    rowCount = limit;
  }

  /**
   * @param mask the lanes that hit, counted from {@code firstLane}
   * @param values their scores, by lane from {@code firstLane}
   */
  void add(long mask, int firstLane, int row, float[] values) {
    if (row >= rowCount) {
      return;
    }
    for (long left = mask; left != 0; left &= left - 1) {
      int lane = Long.numberOfTrailingZeros(left);
      add(firstLane + lane, row, values[lane]);
    }
  }

  void add(int lane, int row, float score) {
    lanes[count] = lane;
    rows[count] = row;
    scores[count++] = score;
  }
}
