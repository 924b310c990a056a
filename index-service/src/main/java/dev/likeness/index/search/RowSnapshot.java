package dev.likeness.index.search;

import dev.likeness.index.vector.VectorId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rows that exist at one moment: chunks, how far they are filled, and which rows are deleted.
 * Immutable. Rows are numbered through all chunks by an ordinal. Counted holders keep the chunks in
 * memory: taking hold is one compare-and-set, so readers wait for nobody.
 */
final class RowSnapshot {

  /** Deleted rows of one chunk, one bit per row; empty while none is deleted. */
  private static final long[] NONE_DELETED = {};

  private final List<RowChunk> chunks;
  private final int[] starts;
  private final long[][] deleted;
  private final int rowCount;
  private final int liveCount;
  private final AtomicInteger holders = new AtomicInteger(1);

  private RowSnapshot(List<RowChunk> chunks, long[][] deleted, int rowCount, int liveCount) {
    this.chunks = List.copyOf(chunks);
    this.deleted = deleted;
    this.rowCount = rowCount;
    this.liveCount = liveCount;
    starts = new int[chunks.size()];
    for (int c = 0; c < starts.length; c++) {
      starts[c] = chunks.get(c).firstOrdinal();
      chunks.get(c).hold();
    }
  }

  static RowSnapshot empty() {
    return new RowSnapshot(List.of(), new long[0][], 0, 0);
  }

  /** The next state; this one stays as it is, and is still to be let go. */
  RowSnapshot next(List<RowChunk> nextChunks, int nextRowCount, List<Integer> newlyDeleted) {
    long[][] nextDeleted = Arrays.copyOf(deleted, nextChunks.size());
    boolean[] copied = new boolean[nextDeleted.length];
    Arrays.fill(nextDeleted, deleted.length, nextDeleted.length, NONE_DELETED);
    RowSnapshot next =
        new RowSnapshot(
            nextChunks,
            nextDeleted,
            nextRowCount,
            liveCount + nextRowCount - rowCount - newlyDeleted.size());
    for (int ordinal : newlyDeleted) {
      int chunk = next.chunkOf(ordinal);
      if (!copied[chunk]) {
        int words = nextChunks.get(chunk).capacity() / Long.SIZE;
        nextDeleted[chunk] = Arrays.copyOf(nextDeleted[chunk], words);
        copied[chunk] = true;
      }
      int row = ordinal - next.starts[chunk];
      nextDeleted[chunk][row / Long.SIZE] |= 1L << row;
    }
    return next;
  }

  /** False if the last holder is gone already. */
  boolean tryHold() {
    return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  void letGo() {
    if (holders.decrementAndGet() == 0) {
      chunks.forEach(RowChunk::letGo);
    }
  }

  int rowCount() {
    return rowCount;
  }

  int liveCount() {
    return liveCount;
  }

  int chunkCount() {
    return starts.length;
  }

  RowChunk chunk(int chunk) {
    return chunks.get(chunk);
  }

  List<RowChunk> chunks() {
    return chunks;
  }

  /** The ordinal of the first row of a chunk. */
  int start(int chunk) {
    return starts[chunk];
  }

  /** How many rows of a chunk this snapshot covers. */
  int rowsIn(int chunk) {
    return Math.clamp(rowCount - starts[chunk], 0, chunks.get(chunk).capacity());
  }

  int chunkOf(int ordinal) {
    int found = Arrays.binarySearch(starts, ordinal);
    return found >= 0 ? found : -found - 2;
  }

  boolean isDeleted(int ordinal) {
    int chunk = chunkOf(ordinal);
    return isDeleted(chunk, ordinal - starts[chunk]);
  }

  boolean isDeleted(int chunk, int row) {
    long[] bits = deleted[chunk];
    return bits.length > 0 && (bits[row / Long.SIZE] & 1L << row) != 0;
  }

  VectorId id(int ordinal) {
    int chunk = chunkOf(ordinal);
    return chunks.get(chunk).id(ordinal - starts[chunk]);
  }
}
