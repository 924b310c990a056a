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
 * A fixed number of rows off the heap, in blocks as {@link VectorKernel} reads them, with ids and
 * payloads beside them. Rows are written once by the single writer, before a {@link RowSnapshot}
 * that covers them is published; nobody reads them earlier. A chunk of sealed rows is never
 * written. Freed when the last snapshot lets go.
 */
final class RowChunk {

  /** A cache line, and the widest SIMD register. */
  private static final long ALIGNMENT = 64;

  private final int dimension;
  private final VectorId[] ids;
  private final Payload[] payloads;
  private final @Nullable SealedRows sealed;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment rows;
  private final MemoryBudget budget;
  private final AtomicInteger holders = new AtomicInteger(1);
  private volatile int capacity;

  /**
   * Its maker holds it at first.
   *
   * @param capacity rows, a multiple of {@link VectorKernel#BLOCK_ROWS}
   */
  RowChunk(int dimension, int capacity, MemoryBudget budget) {
    this(dimension, capacity, budget, null);
  }

  /** Its maker holds it at first; it closes {@code sealed} in the end. */
  static RowChunk of(SealedRows sealed, MemoryBudget budget) {
    RowChunk chunk = new RowChunk(sealed.dimension(), sealed.count(), budget, sealed);
    for (int row = 0; row < sealed.count(); row++) {
      long from = bytes(sealed.dimension(), row);
      for (int i = 0; i < sealed.dimension(); i++) {
        float value =
            sealed.values().get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + (long) i * Float.BYTES);
        chunk.rows.set(ValueLayout.JAVA_FLOAT, chunk.offset(row, i), value);
      }
    }
    return chunk;
  }

  private RowChunk(int dimension, int capacity, MemoryBudget budget, @Nullable SealedRows sealed) {
    this.dimension = dimension;
    this.capacity = capacity;
    this.budget = budget;
    this.sealed = sealed;
    int blocks = Math.ceilDiv(capacity, VectorKernel.BLOCK_ROWS);
    long bytes = bytes(dimension, blocks * VectorKernel.BLOCK_ROWS);
    if (sealed == null) {
      budget.take(bytes);
    }
    try {
      rows = arena.allocate(bytes, ALIGNMENT);
      ids = new VectorId[sealed == null ? capacity : 0];
      payloads = new Payload[sealed == null ? capacity : 0];
    } catch (OutOfMemoryError e) {
      giveBack(bytes);
      throw e;
    }
  }

  static long bytes(int dimension, int capacity) {
    return (long) dimension * capacity * Float.BYTES;
  }

  int capacity() {
    return capacity;
  }

  /** Makes it end behind the rows that are written. */
  void closeAt(int rowCount) {
    capacity = rowCount;
  }

  @Nullable SealedRows sealed() {
    return sealed;
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
    return sealed == null ? ids[row] : sealed.id(row);
  }

  Payload payload(int row) {
    return sealed == null ? payloads[row] : sealed.payload(row);
  }

  void write(int row, VectorChange.Put put) {
    float[] values = put.values();
    for (int i = 0; i < dimension; i++) {
      rows.set(ValueLayout.JAVA_FLOAT, offset(row, i), values[i]);
    }
    ids[row] = put.id();
    payloads[row] = put.payload();
  }

  VectorChange.Put read(int row) {
    return new VectorChange.Put(id(row), payload(row), values(row));
  }

  float[] values(int row) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = rows.get(ValueLayout.JAVA_FLOAT, offset(row, i));
    }
    return values;
  }

  void hold() {
    holders.incrementAndGet();
  }

  void letGo() {
    if (holders.decrementAndGet() == 0) {
      long bytes = rows.byteSize();
      arena.close();
      giveBack(bytes);
      if (sealed != null) {
        sealed.close();
      }
    }
  }

  private void giveBack(long bytes) {
    if (sealed == null) {
      budget.giveBack(bytes);
    }
  }

  private long offset(int row, int i) {
    int inBlock = row % VectorKernel.BLOCK_ROWS;
    return blockOffset(row / VectorKernel.BLOCK_ROWS)
        + ((long) i * VectorKernel.BLOCK_ROWS + inBlock) * Float.BYTES;
  }
}
