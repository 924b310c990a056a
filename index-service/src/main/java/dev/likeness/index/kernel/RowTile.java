package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A block of rows copied to the heap, from where a kernel reads values without checks: as they lie,
 * and, for wide panels, value by value in groups of rows, so that one pointer walks through a
 * group. Owned by one thread, filled again for each block.
 */
public final class RowTile {

  private final int dimension;
  private final int groupRows;
  private final float[] values;
  private final float[] grouped;
  private final float[] group;
  private final boolean plain;
  private final boolean wide;
  private int rowCount;

  /**
   * @param capacity rows, a multiple of {@link VectorKernel#TILE_STEP}
   * @param plain whether narrow panels will read it
   * @param wide whether wide panels will read it
   */
  public RowTile(VectorKernel kernel, int capacity, int dimension, boolean plain, boolean wide) {
    this.dimension = dimension;
    this.plain = plain;
    this.wide = wide;
    groupRows = kernel.groupRows();
    int size = Math.multiplyExact(capacity, dimension);
    values = new float[plain ? size : 0];
    grouped = new float[wide ? size : 0];
    group = new float[wide ? groupRows * dimension : 0];
  }

  /**
   * @param rows float32 [rows][dimension] from {@code offset} on
   * @param count rows, at most the capacity
   */
  public void load(MemorySegment rows, long offset, int count) {
    rowCount = count;
    if (plain) {
      MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, offset, values, 0, count * dimension);
    }
    if (wide) {
      for (int row = 0; row < count; row += groupRows) {
        int rowsInGroup = Math.min(groupRows, count - row);
        long from = offset + (long) row * dimension * Float.BYTES;
        MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, from, group, 0, rowsInGroup * dimension);
        interleave(row * dimension);
      }
    }
  }

  /** Values go in one after the other, rows in turn: writing in order is what costs least. */
  private void interleave(int to) {
    int next = to;
    for (int i = 0; i < dimension; i++) {
      int from = i;
      for (int row = 0; row < groupRows; row++) {
        grouped[next++] = group[from];
        from += dimension;
      }
    }
  }

  /**
   * Puts one row in its place; {@link #limit} tells how many there are.
   *
   * @param row below the capacity
   * @param rows holds the row, float32 [dimension], from {@code offset} on
   */
  public void put(int row, MemorySegment rows, long offset) {
    if (plain) {
      MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, offset, values, row * dimension, dimension);
    }
    if (wide) {
      MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, offset, group, 0, dimension);
      int to = row / groupRows * groupRows * dimension + row % groupRows;
      for (int i = 0; i < dimension; i++) {
        grouped[to + i * groupRows] = group[i];
      }
    }
  }

  /** The first {@code count} rows were put. */
  public void limit(int count) {
    rowCount = count;
  }

  int rowCount() {
    return rowCount;
  }

  int dimension() {
    return dimension;
  }

  /** float32 [rows][dimension]; what lies behind the row count is of no meaning. */
  float[] values() {
    return values;
  }

  /** float32 [rows / group][dimension][group]. */
  float[] grouped() {
    return grouped;
  }
}
