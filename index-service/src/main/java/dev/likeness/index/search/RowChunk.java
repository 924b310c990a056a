package dev.likeness.index.search;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.graph.CodedRows;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of rows off the heap, float32 {@code [capacity][dimension]} as {@link
 * VectorKernel} reads them, with codes, ids and payloads beside them. Rows are written once by the
 * single writer, before a {@link RowSnapshot} that covers them is published; nobody reads them
 * earlier. Sealed rows lie where they were mapped, and get their codes later. Freed when the last
 * snapshot lets go.
 */
final class RowChunk {

  /** Rows come in multiples of this: one word of deletion marks, and what the kernels read. */
  static final int GRANULE = 64;

  private final VectorKernel kernel;
  private final int dimension;
  private final RowIds ids;
  private final Payload[] payloads;
  private final @Nullable SealedRows sealed;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment rows;
  private final MemoryBudget budget;
  private final AtomicInteger holders = new AtomicInteger(1);
  private volatile @Nullable RowCodes codes;
  private volatile @Nullable SealedGraph graph;
  private volatile int capacity;
  private volatile long sizeBytes;

  /**
   * Its maker holds it at first.
   *
   * @param capacity rows, a multiple of {@link #GRANULE}
   */
  RowChunk(int dimension, int capacity, VectorKernel kernel, MemoryBudget budget) {
    this.kernel = kernel;
    this.dimension = dimension;
    this.capacity = capacity;
    this.budget = budget;
    this.sealed = null;
    sizeBytes = bytes(dimension, capacity);
    budget.take(sizeBytes);
    try {
      rows = RowMemory.allocate(arena, rowBytes() * capacity);
      codes =
          RowCodes.worthwhile(dimension) ? new RowCodes(dimension, capacity, kernel, arena) : null;
      ids = new RowIds(capacity);
      payloads = new Payload[capacity];
    } catch (OutOfMemoryError e) {
      budget.giveBack(sizeBytes);
      throw e;
    }
  }

  /** Its maker holds it at first; it closes {@code sealed} in the end. */
  RowChunk(SealedRows sealed, VectorKernel kernel, MemoryBudget budget) {
    this.kernel = kernel;
    this.dimension = sealed.dimension();
    this.capacity = sealed.count();
    this.budget = budget;
    this.sealed = sealed;
    rows = sealed.values();
    ids = new RowIds(0);
    payloads = new Payload[0];
  }

  /** Memory for rows and their codes. */
  static long bytes(int dimension, int capacity) {
    return ((long) dimension * Float.BYTES + RowCodes.bytesPerRow(dimension)) * capacity;
  }

  /** Computes the codes of sealed rows, if there is memory for them. For one thread. */
  void encode() {
    float[] values = new float[dimension];
    fillCodes((fresh, row) -> encode(fresh, row, values));
  }

  /**
   * The same with the codes that these rows had before, as far as they had some.
   *
   * @param former the same rows in the same order
   */
  void encode(FrozenSnapshot former) {
    float[] values = new float[dimension];
    fillCodes(
        (fresh, row) -> {
          QueryBatch.Stored before = former.stored(row);
          RowCodes known = before.chunk().codes();
          if (known == null) {
            encode(fresh, row, values);
          } else {
            fresh.copy(row, known, before.row());
          }
        });
  }

  private void encode(RowCodes fresh, int row, float[] values) {
    MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, offset(row), values, 0, dimension);
    fresh.write(row, values);
  }

  private void fillCodes(ObjIntConsumer<RowCodes> writeRow) {
    if (codes != null || !RowCodes.worthwhile(dimension)) {
      return;
    }
    long bytes = RowCodes.bytesPerRow(dimension) * capacity;
    try {
      budget.take(bytes);
    } catch (IndexFullException e) {
      return; // the rows are scanned by their values
    }
    sizeBytes = bytes;
    RowCodes fresh = new RowCodes(dimension, capacity, kernel, arena);
    for (int row = 0; row < capacity; row++) {
      writeRow.accept(fresh, row);
    }
    codes = fresh;
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

  /** Memory that was taken for it; that of mapped files is not. */
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

  /** Null where the rows are too short for codes to help, or have none yet. */
  @Nullable RowCodes codes() {
    return codes;
  }

  /** Null as long as there is none. */
  @Nullable SealedGraph graph() {
    return graph;
  }

  /** Sealed rows get a graph once, while they are held. */
  void attach(SealedGraph fresh) {
    graph = fresh;
  }

  /** Null where there are no codes. */
  @Nullable CodedRows codedRows() {
    RowCodes mine = codes;
    return mine == null
        ? null
        : new CodedRows(
            mine.codes(), mine.scales(), rows, capacity, dimension, RowCodes.stride(dimension));
  }

  VectorId id(int row) {
    return VectorId.fromBytes(idBytes(row));
  }

  byte[] idBytes(int row) {
    return sealed == null ? ids.bytes(row) : sealed.idBytes(row);
  }

  /** The ids of rows that are not sealed. */
  RowIds ids() {
    return ids;
  }

  Payload payload(int row) {
    return sealed == null ? payloads[row] : sealed.payload(row);
  }

  void write(int row, VectorChange.Put put) {
    MemorySegment.copy(put.values(), 0, rows, ValueLayout.JAVA_FLOAT, offset(row), dimension);
    RowCodes mine = codes;
    if (mine != null) {
      mine.write(row, put.values());
    }
    ids.write(row, put.id().toBytes());
    payloads[row] = put.payload();
  }

  VectorChange.Put read(int row) {
    return new VectorChange.Put(id(row), payload(row), values(row));
  }

  /** float32 [count][dimension], as they lie here. */
  MemorySegment values(int firstRow, int count) {
    return rows.asSlice(offset(firstRow), count * rowBytes());
  }

  float[] values(int row) {
    float[] values = new float[dimension];
    MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, offset(row), values, 0, dimension);
    return values;
  }

  void hold() {
    holders.incrementAndGet();
  }

  void letGo() {
    if (holders.decrementAndGet() == 0) {
      arena.close();
      budget.giveBack(sizeBytes);
      SealedGraph mine = graph;
      if (mine != null) {
        mine.close();
      }
      if (sealed != null) {
        sealed.close();
      }
    }
  }

  private long rowBytes() {
    return (long) dimension * Float.BYTES;
  }
}
