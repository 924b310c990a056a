package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of rows off the heap, float32 {@code [capacity][dimension]} as {@link
 * VectorKernel} reads them, with codes, ids and payloads beside them. Rows are written once by the
 * single writer, before a {@link RowSnapshot} that covers them is published; nobody reads them
 * earlier. Freed when the last snapshot lets go.
 */
final class RowChunk {

  /** A cache line, and the widest SIMD register. */
  private static final long ALIGNMENT = 64;

  /** Rows come in multiples of this: one word of deletion marks, and what the kernels read. */
  static final int GRANULE = 64;

  private final int dimension;
  private final int firstOrdinal;
  private final VectorId[] ids;
  private final Payload[] payloads;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment rows;
  private final @Nullable RowCodes codes;
  private final long sizeBytes;
  private final MemoryBudget budget;
  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * Its maker holds it at first.
   *
   * @param firstOrdinal the ordinal of row 0
   * @param capacity rows, a multiple of {@link #GRANULE}
   */
  RowChunk(int dimension, int firstOrdinal, int capacity, MemoryBudget budget) {
    this.dimension = dimension;
    this.firstOrdinal = firstOrdinal;
    this.budget = budget;
    sizeBytes = bytes(dimension, capacity);
    budget.take(sizeBytes);
    try {
      rows = arena.allocate(rowBytes() * capacity, ALIGNMENT);
      codes = RowCodes.worthwhile(dimension) ? new RowCodes(dimension, capacity, arena) : null;
      ids = new VectorId[capacity];
      payloads = new Payload[capacity];
    } catch (OutOfMemoryError e) {
      budget.giveBack(sizeBytes);
      throw e;
    }
  }

  /** Memory for rows and their codes. */
  static long bytes(int dimension, int capacity) {
    return ((long) dimension * Float.BYTES + RowCodes.bytesPerRow(dimension)) * capacity;
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
    return sizeBytes;
  }

  MemorySegment rows() {
    return rows;
  }

  /** Where a row begins. */
  long offset(int row) {
    return row * rowBytes();
  }

  /** Null where the rows are too short for codes to help. */
  @Nullable RowCodes codes() {
    return codes;
  }

  VectorId id(int row) {
    return ids[row];
  }

  Payload payload(int row) {
    return payloads[row];
  }

  void write(int ordinal, VectorChange.Put put) {
    int row = ordinal - firstOrdinal;
    MemorySegment.copy(put.values(), 0, rows, ValueLayout.JAVA_FLOAT, offset(row), dimension);
    if (codes != null) {
      codes.write(row, put.values());
    }
    ids[row] = put.id();
    payloads[row] = put.payload();
  }

  VectorChange.Put read(int ordinal) {
    int row = ordinal - firstOrdinal;
    float[] values = new float[dimension];
    MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, offset(row), values, 0, dimension);
    return new VectorChange.Put(ids[row], payloads[row], values);
  }

  void hold() {
    holders.incrementAndGet();
  }

  void letGo() {
    if (holders.decrementAndGet() == 0) {
      arena.close();
      budget.giveBack(sizeBytes);
    }
  }

  private long rowBytes() {
    return (long) dimension * Float.BYTES;
  }
}
