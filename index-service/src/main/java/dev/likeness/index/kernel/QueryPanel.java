package dev.likeness.index.kernel;

/**
 * Queries packed value by value, float32 {@code [dimension][width]}, so that a register holds one
 * value of each. Immutable; lanes without a query are zero.
 */
public final class QueryPanel {

  private final int firstQuery;
  private final int count;
  private final int width;
  private final float[] values;

  /**
   * @param queries float32 [≥ firstQuery + count][dimension]
   * @param count queries in this panel, 1 to {@code width}
   */
  public QueryPanel(float[] queries, int firstQuery, int count, int width, int dimension) {
    this.firstQuery = firstQuery;
    this.count = count;
    this.width = width;
    values = new float[Math.multiplyExact(dimension, width)];
    for (int lane = 0; lane < count; lane++) {
      int from = (firstQuery + lane) * dimension;
      for (int i = 0; i < dimension; i++) {
        values[i * width + lane] = queries[from + i];
      }
    }
  }

  /** The number of the query in lane 0. */
  public int firstQuery() {
    return firstQuery;
  }

  public int count() {
    return count;
  }

  public int width() {
    return width;
  }

  /** float32 [dimension][width]; not to be changed. */
  float[] values() {
    return values;
  }
}
