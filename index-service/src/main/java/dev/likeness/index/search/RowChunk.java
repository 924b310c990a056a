package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of rows off the heap, in blocks as {@link VectorKernel} reads them, with ids and
 * payloads beside them. Rows are written once by the single writer, before a {@link RowSnapshot}
 * that covers them is published; nobody reads them earlier. Freed when the last snapshot lets go.
 */
final class RowChunk {

  /** A cache line, and the widest SIMD register. */
  private static final long ALIGNMENT = 64;

  private final int dimension;
  private final int firstOrdinal;
  private final VectorId[] ids;
  private final Payload[] payloads;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment rows;
  private final MemoryBudget budget;
  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * Its maker holds it at first.
   *
   * @param firstOrdinal the ordinal of row 0
   * @param capacity rows, a multiple of {@link VectorKernel#BLOCK_ROWS}
   */
  RowChunk(int dimension, int firstOrdinal, int capacity, MemoryBudget budget) {
    this.dimension = dimension;
    this.firstOrdinal = firstOrdinal;
    this.budget = budget;
    long bytes = bytes(dimension, capacity);
    budget.take(bytes);
    try {
      rows = arena.allocate(bytes, ALIGNMENT);
      ids = new VectorId[capacity];
      payloads = new Payload[capacity];
    } catch (OutOfMemoryError e) {
      budget.giveBack(bytes);
      throw e;
    }
  }

  static long bytes(int dimension, int capacity) {
    return (long) dimension * capacity * Float.BYTES;
  }

  int firstOrdinal() {
    return firstOrdinal;
  }

  int endOrdinal() {
    return firstOrdinal + ids.length;
  }

  int capacity() {
    return ids.length;
  }

  long sizeBytes() {
    return rows.byteSize();
  }

  MemorySegment rows() {
    return rows;
  }

  long blockOffset(int block) {
    return bytes(dimension, block * VectorKernel.BLOCK_ROWS);
  }

  VectorId id(int row) {
    return ids[row];
  }

  Payload payload(int row) {
    return payloads[row];
  }

  void write(int ordinal, VectorChange.Put put) {
    int row = ordinal - firstOrdinal;
    float[] values = put.values();
    for (int i = 0; i < dimension; i++) {
      rows.set(ValueLayout.JAVA_FLOAT, offset(row, i), values[i]);
    }
    ids[row] = put.id();
    payloads[row] = put.payload();
  }

  VectorChange.Put read(int ordinal) {
    int row = ordinal - firstOrdinal;
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = rows.get(ValueLayout.JAVA_FLOAT, offset(row, i));
    }
    return new VectorChange.Put(ids[row], payloads[row], values);
  }

  void hold() {
    holders.incrementAndGet();
  }

  void letGo() {
    if (holders.decrementAndGet() == 0) {
      long bytes = rows.byteSize();
      arena.close();
      budget.giveBack(bytes);
    }
  }

  private long offset(int row, int i) {
    int inBlock = row % VectorKernel.BLOCK_ROWS;
    return blockOffset(row / VectorKernel.BLOCK_ROWS)
        + ((long) i * VectorKernel.BLOCK_ROWS + inBlock) * Float.BYTES;
  }
}
