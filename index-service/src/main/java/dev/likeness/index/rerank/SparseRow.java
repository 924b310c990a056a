package dev.likeness.index.rerank;

/** The entries of a row that are not zero, by column ascending. */
final class SparseRow {

  private final int[] columns;
  private final float[] weights;

  /** Owns both arrays from here on. */
  SparseRow(int[] columns, float[] weights) {
    this.columns = columns;
    this.weights = weights;
  }

  int size() {
    return columns.length;
  }

  int column(int n) {
    return columns[n];
  }

  float weight(int n) {
    return weights[n];
  }
}
