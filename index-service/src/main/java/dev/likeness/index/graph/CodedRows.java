package dev.likeness.index.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows by their values and by codes of one byte per value, which stand for {@code scale · code}.
 * What they lie in stays open as long as a graph over them is used.
 *
 * @param codes int8 [count][stride], -127 to 127
 * @param scales float32 [count]
 * @param values float32 [count][dimension]
 */
public record CodedRows(
    MemorySegment codes,
    MemorySegment scales,
    MemorySegment values,
    int count,
    int dimension,
    int stride) {

  long offset(int row) {
    return (long) row * stride;
  }

  long valueOffset(int row) {
    return (long) row * dimension * Float.BYTES;
  }

  float scale(int row) {
    return scales.getAtIndex(ValueLayout.JAVA_FLOAT, row);
  }
}
