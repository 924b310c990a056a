package dev.likeness.index.search;

import dev.likeness.index.vector.Payload;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** The live rows of some chunks of a held snapshot. */
final class FrozenSnapshot implements FrozenRows {

  private final RowSnapshot rows;
  private final List<RowChunk> chunks;
  private final boolean ofWritten;
  private final int[] ordinals;

  /**
   * @param rows held for this object
   * @param ofWritten true for all written rows, false for sealed ones
   */
  FrozenSnapshot(RowSnapshot rows, List<RowChunk> chunks, boolean ofWritten) {
    this.rows = rows;
    this.ofWritten = ofWritten;
    this.chunks = List.copyOf(chunks);
    ordinals =
        IntStream.range(0, rows.chunkCount())
            .filter(c -> this.chunks.contains(rows.chunk(c)))
            .flatMap(c -> liveOrdinals(rows, c))
            .toArray();
  }

  private static IntStream liveOrdinals(RowSnapshot rows, int chunk) {
    return IntStream.range(0, rows.rowsIn(chunk))
        .filter(row -> !rows.isDeleted(chunk, row))
        .map(row -> rows.start(chunk) + row);
  }

  boolean isOfWritten() {
    return ofWritten;
  }

  List<RowChunk> chunks() {
    return chunks;
  }

  @Override
  public int count() {
    return ordinals.length;
  }

  @Override
  public byte[] idBytes(int row) {
    QueryBatch.Stored stored = stored(row);
    return stored.chunk().idBytes(stored.row());
  }

  @Override
  public Payload payload(int row) {
    QueryBatch.Stored stored = stored(row);
    return stored.chunk().payload(stored.row());
  }

  @Override
  public MemorySegment values(int row, int most) {
    QueryBatch.Stored first = stored(row);
    int wanted = Math.min(Math.min(most, count() - row), first.chunk().capacity() - first.row());
    int run = 1;
    while (run < wanted && ordinals[row + run] == ordinals[row] + run) {
      run++;
    }
    return first.chunk().values(first.row(), run);
  }

  QueryBatch.Stored stored(int row) {
    return rows.stored(ordinals[row]);
  }

  @Override
  public BitSet deleted(SealedRows sealed) {
    for (int c = 0; c < rows.chunkCount(); c++) {
      if (rows.chunk(c).sealed() == sealed) {
        return rows.deletedIn(c);
      }
    }
    return new BitSet();
  }

  /** Which of these rows are deleted in a later snapshot that still has the chunks. */
  BitSet deletedSince(RowSnapshot now) {
    BitSet deleted = new BitSet();
    int row = 0;
    for (int c = 0; c < now.chunkCount(); c++) {
      if (!chunks.contains(now.chunk(c))) {
        continue;
      }
      int before = rows.indexOf(now.chunk(c));
      for (int r = 0; r < rows.rowsIn(before); r++) {
        if (!rows.isDeleted(before, r)) {
          if (now.isDeleted(c, r)) {
            deleted.set(row);
          }
          row++;
        }
      }
    }
    return deleted;
  }

  @Override
  public void close() {
    rows.letGo();
  }
}
