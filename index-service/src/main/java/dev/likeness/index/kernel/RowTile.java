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
      for (int row = 0; row < count; row++) {
        int group = row / groupRows * groupRows * dimension;
        long from = offset + (long) row * dimension * Float.BYTES;
        group(rows, from, group + row % groupRows);
      }
    }
  }

  private void group(MemorySegment rows, long from, int to) {
    for (int i = 0; i < dimension; i++) {
      grouped[to + i * groupRows] =
          rows.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + (long) i * Float.BYTES);
    }
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
