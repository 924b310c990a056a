package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A few rows of codes, copied together from where they lie. Copying waits for the memory of many
 * rows at once, which computing on rows in their places does not: each is hundreds of instructions
 * after the one before. Owned by one thread.
 */
public final class CodedBlock {

  private final int stride;
  private final int padded;
  private final byte[] codes;

  /**
   * @param stride of the rows; a multiple of {@value VectorKernel#CODE_GRANULE}
   * @param capacity rows
   */
  public CodedBlock(int stride, int capacity) {
    this.stride = stride;
    padded = CodedQuery.padded(stride);
    codes = new byte[Math.multiplyExact(padded, capacity)];
  }

  /**
   * Copies one row.
   *
   * @param at which row of the block it becomes
   * @param from int8 [rows][stride]
   */
  public void set(int at, MemorySegment from, int row) {
    MemorySegment.copy(
        from, ValueLayout.JAVA_BYTE, (long) row * stride, codes, at * padded, stride);
  }

  /** int8 [capacity][stride, padded by zeros]. */
  byte[] codes() {
    return codes;
  }
}
