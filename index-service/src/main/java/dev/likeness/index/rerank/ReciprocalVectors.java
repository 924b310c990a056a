package dev.likeness.index.rerank;

import java.util.Arrays;

/**
 * Every item as weights over the items that it is a mutual neighbor of. Weights sum to 1. Owned by
 * one thread.
 */
final class ReciprocalVectors {

  private final NeighborTable table;
  private final int k2;
  private final SparseRow[] rows;
  private final double[] sums;

  ReciprocalVectors(NeighborTable table, int k1, int k2) {
    this.table = table;
    this.k2 = k2;
    int count = table.count();
    sums = new double[count];
    rows = new SparseRow[count];
    int[][] narrow = new int[count][];
    int half = (int) Math.rint(k1 / 2.0); // halves to even, as the authors' code does
    for (int i = 0; i < count; i++) {
      narrow[i] = mutual(i, half);
    }
    Marks wide = new Marks(count);
    Marks all = new Marks(count);
    for (int i = 0; i < count; i++) {
      rows[i] = weighted(i, enlarged(mutual(i, k1), narrow, wide, all));
    }
  }

  /** The mean over the k2 nearest of an item, itself among them. */
  SparseRow averaged(int item) {
    int[] nearest = table.nearest(item);
    int rowCount = Math.min(k2, nearest.length);
    int[] columns = new int[16];
    int size = 0;
    for (int n = 0; n < rowCount; n++) {
      SparseRow row = rows[nearest[n]];
      for (int e = 0; e < row.size(); e++) {
        int column = row.column(e);
        if (sums[column] == 0) {
          if (size == columns.length) {
            columns = Arrays.copyOf(columns, 2 * size);
          }
          columns[size++] = column;
        }
        sums[column] += row.weight(e);
      }
    }
    columns = Arrays.copyOf(columns, size);
    Arrays.sort(columns);
    float[] weights = new float[size];
    for (int e = 0; e < size; e++) {
      weights[e] = (float) (sums[columns[e]] / rowCount);
      sums[columns[e]] = 0;
    }
    return new SparseRow(columns, weights);
  }

  /** The k nearest of an item, itself added, that have it among their own k nearest. */
  private int[] mutual(int item, int k) {
    int[] nearest = table.nearest(item);
    int[] mutual = new int[Math.min(k + 1, nearest.length)];
    int size = 0;
    for (int n = 0; n < mutual.length; n++) {
      if (isAmong(table.nearest(nearest[n]), k + 1, item)) {
        mutual[size++] = nearest[n];
      }
    }
    return Arrays.copyOf(mutual, size);
  }

  private static boolean isAmong(int[] nearest, int first, int item) {
    for (int n = 0; n < Math.min(first, nearest.length); n++) {
      if (nearest[n] == item) {
        return true;
      }
    }
    return false;
  }

  /** Adds the narrower sets of the members that lie in the set by more than two thirds. */
  private static int[] enlarged(int[] set, int[][] narrow, Marks wide, Marks all) {
    wide.clear();
    all.clear();
    for (int item : set) {
      wide.add(item);
      all.add(item);
    }
    for (int member : set) {
      int common = 0;
      for (int item : narrow[member]) {
        common += wide.has(item) ? 1 : 0;
      }
      if (3 * common > 2 * narrow[member].length) {
        for (int item : narrow[member]) {
          all.add(item);
        }
      }
    }
    return all.sorted();
  }

  private SparseRow weighted(int item, int[] columns) {
    double[] exact = new double[columns.length];
    double sum = 0;
    for (int e = 0; e < columns.length; e++) {
      exact[e] = Math.exp(-table.distance(item, columns[e]));
      sum += exact[e];
    }
    float[] weights = new float[columns.length];
    for (int e = 0; e < columns.length; e++) {
      weights[e] = (float) (exact[e] / sum);
    }
    return new SparseRow(columns, weights);
  }
}
