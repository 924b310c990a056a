package dev.likeness.index.search;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.VectorChange;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that are not sealed: visible ones, one after the other in chunks, then staged ones, then
 * room for more. A row keeps its position while rows before it are sealed and leave.
 *
 * <p>Guarded by the lock of {@link RowTable}, all but the writing of staged rows ({@link Room}).
 */
final class WrittenRows {

  /** Chunks grow with the index up to this size, so that small collections stay small. */
  private static final long MAX_CHUNK_BYTES = 16 << 20;

  /** Fewer dead rows than this are not worth copying the live ones. */
  private static final int MIN_DEAD_ROWS = 1024;

  private final int dimension;
  private final VectorKernel kernel;
  private final MemoryBudget budget;
  private List<RowChunk> chunks = List.of();

  /** How many rows left: the position of the first one that is here. */
  private int first;

  /** Visible rows. */
  private int count;

  /** Rows behind the visible ones that hold the vectors of the next batches. */
  private int staged;

  /** True from {@link #freeze} on until these rows are replaced: their chunks must stay. */
  private boolean frozen;

  WrittenRows(int dimension, VectorKernel kernel, MemoryBudget budget) {
    this.dimension = dimension;
    this.kernel = kernel;
    this.budget = budget;
  }

  /** Where the rows of a batch are written; for the single writer, who needs no lock for that. */
  record Room(List<RowChunk> chunks, int firstRow) {
    void write(List<VectorChange> batch) {
      int chunk = 0;
      int row = firstRow;
      for (VectorChange change : batch) {
        if (change instanceof VectorChange.Put put) {
          while (row >= chunks.get(chunk).capacity()) {
            row -= chunks.get(chunk++).capacity();
          }
          chunks.get(chunk).write(row++, put);
        }
      }
    }
  }

  List<RowChunk> chunks() {
    return chunks;
  }

  /** Visible rows. */
  int count() {
    return count;
  }

  /** The position of the next row that becomes visible. */
  int nextPosition() {
    return first + count;
  }

  /** How many rows lie before this position. */
  int rowAt(int position) {
    return position - first;
  }

  /**
   * Makes room for so many rows behind the visible ones.
   *
   * @throws IndexFullException if the memory budget does not allow it
   */
  void reserve(int puts) {
    while (capacity(chunks) - count < puts) {
      grow();
    }
  }

  /**
   * Room for rows behind those that are staged already; they count as staged from here on.
   *
   * @throws IndexFullException if the memory budget does not allow it
   */
  Room stage(int puts) {
    reserve(staged + puts);
    Room room = new Room(chunks, count + staged);
    staged += puts;
    return room;
  }

  void unstage() {
    staged = 0;
  }

  /** The next so many staged rows are visible. */
  void show(int puts) {
    count += puts;
    staged -= puts;
  }

  boolean hasId(int position, byte[] id) {
    int row = position - first;
    for (RowChunk chunk : chunks) {
      if (row < chunk.capacity()) {
        return chunk.ids().is(row, id);
      }
      row -= chunk.capacity();
    }
    return false;
  }

  /** A copy, in UTF-8. */
  byte[] id(int position) {
    int row = position - first;
    for (RowChunk chunk : chunks) {
      if (row < chunk.capacity()) {
        return chunk.ids().bytes(row);
      }
      row -= chunk.capacity();
    }
    throw new IllegalArgumentException("no row at position " + position);
  }

  /** Cuts the chunks off behind the last row, so that the next row begins a new one. */
  void freeze() {
    frozen = true;
    int left = count;
    List<RowChunk> closed = new ArrayList<>();
    for (RowChunk chunk : chunks) {
      if (left > 0) {
        chunk.closeAt(Math.min(left, chunk.capacity()));
        left -= chunk.capacity();
        closed.add(chunk);
      } else {
        chunk.letGo();
      }
    }
    chunks = List.copyOf(closed);
  }

  /** The rows of the first chunks leave, which were frozen. */
  void removeFrozen(List<RowChunk> gone) {
    frozen = false;
    chunks = chunks.stream().filter(chunk -> !gone.contains(chunk)).toList();
    first += capacity(gone);
    count -= capacity(gone);
  }

  /** More than half are dead, and these many, and nothing holds the rows to their places. */
  boolean isWorthCopying(int dead) {
    return !frozen && staged == 0 && dead >= MIN_DEAD_ROWS && dead > count - dead;
  }

  /**
   * The live ones of these rows in new chunks, at positions from 0 on.
   *
   * @param now in which they are visible
   * @throws IndexFullException if there is no memory for the copy
   */
  WrittenRows copyOfLive(RowSnapshot now) {
    WrittenRows copy = new WrittenRows(dimension, kernel, budget);
    try {
      for (int ordinal = now.sealedRowCount(); ordinal < now.rowCount(); ordinal++) {
        if (!now.isDeleted(ordinal)) {
          QueryBatch.Stored stored = now.stored(ordinal);
          copy.append(stored.chunk().read(stored.row()));
        }
      }
      return copy;
    } catch (IndexFullException e) {
      copy.letGo();
      throw e;
    }
  }

  private void append(VectorChange.Put put) {
    int free = capacity(chunks) - count;
    if (free == 0) {
      grow();
      free = chunks.getLast().capacity();
    }
    RowChunk last = chunks.getLast();
    last.write(last.capacity() - free, put);
    count++;
  }

  /** Frees the chunks as soon as nobody else holds them. */
  void letGo() {
    chunks.forEach(RowChunk::letGo);
  }

  /**
   * Doubles the capacity, in steps of at most {@link #MAX_CHUNK_BYTES} and of what the budget has
   * left, but at least one block.
   */
  private void grow() {
    int block = RowChunk.GRANULE;
    int present = Math.ceilDiv(capacity(chunks), block) * block;
    long most = Math.max(1, MAX_CHUNK_BYTES / RowChunk.bytes(dimension, block)) * block;
    long affordable = budget.freeBytes() / RowChunk.bytes(dimension, block) * block;
    long rows = Math.max(block, Math.min(Math.min(most, affordable), present));
    List<RowChunk> longer = new ArrayList<>(chunks);
    longer.add(new RowChunk(dimension, (int) rows, kernel, budget));
    chunks = List.copyOf(longer);
  }

  private static int capacity(List<RowChunk> chunks) {
    int rows = 0;
    for (RowChunk chunk : chunks) {
      rows += chunk.capacity();
    }
    return rows;
  }
}
