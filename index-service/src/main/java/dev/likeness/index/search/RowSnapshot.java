package dev.likeness.index.search;

import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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
  private final int sealedChunkCount;
  private final int sealedRowCount;
  private final AtomicInteger holders = new AtomicInteger(1);

  private RowSnapshot(List<RowChunk> chunks, long[][] deleted, int rowCount, int liveCount) {
    this.chunks = List.copyOf(chunks);
    this.deleted = deleted;
    this.rowCount = rowCount;
    this.liveCount = liveCount;
    starts = new int[chunks.size()];
    int start = 0;
    int sealedChunks = 0;
    int sealedRows = 0;
    for (int c = 0; c < starts.length; c++) {
      RowChunk chunk = chunks.get(c);
      starts[c] = start;
      start += chunk.capacity();
      if (chunk.sealed() != null) {
        sealedChunks = c + 1;
        sealedRows = start;
      }
      chunk.hold();
    }
    sealedChunkCount = sealedChunks;
    sealedRowCount = sealedRows;
  }

  static RowSnapshot empty() {
    return new RowSnapshot(List.of(), new long[0][], 0, 0);
  }

  /**
   * The next state: the same sealed rows, the written ones as they are after a batch. This one
   * stays as it is, and is still to be let go.
   *
   * @param writtenChunks those of this snapshot and new ones; without the last ones if these are
   *     empty
   * @param writtenCount rows in them
   * @param newlyDeleted ordinals
   */
  RowSnapshot next(List<RowChunk> writtenChunks, int writtenCount, Set<Integer> newlyDeleted) {
    List<RowChunk> nextChunks = new ArrayList<>(chunks.subList(0, sealedChunkCount));
    nextChunks.addAll(writtenChunks);
    int nextRowCount = sealedRowCount + writtenCount;
    long[][] nextDeleted = Arrays.copyOf(deleted, nextChunks.size());
    boolean[] copied = new boolean[nextDeleted.length];
    int kept = Math.min(deleted.length, nextDeleted.length);
    Arrays.fill(nextDeleted, kept, nextDeleted.length, NONE_DELETED);
    RowSnapshot next =
        new RowSnapshot(
            nextChunks,
            nextDeleted,
            nextRowCount,
            liveCount + nextRowCount - rowCount - newlyDeleted.size());
    for (int ordinal : newlyDeleted) {
      int chunk = next.chunkOf(ordinal);
      if (!copied[chunk]) {
        int words = words(nextChunks.get(chunk).capacity());
        nextDeleted[chunk] = Arrays.copyOf(nextDeleted[chunk], words);
        copied[chunk] = true;
      }
      int row = ordinal - next.starts[chunk];
      nextDeleted[chunk][row / Long.SIZE] |= 1L << row;
    }
    return next;
  }

  /**
   * The same rows in other chunks; this snapshot stays as it is, and is still to be let go.
   *
   * @param gone chunks that are left out
   * @param fresh a chunk of sealed rows that joins the sealed ones, or null
   * @param freshDeleted its deleted rows
   */
  RowSnapshot edited(List<RowChunk> gone, @Nullable RowChunk fresh, BitSet freshDeleted) {
    List<RowChunk> nextChunks = new ArrayList<>();
    List<long[]> nextDeleted = new ArrayList<>();
    int nextRowCount = 0;
    int dead = 0;
    for (int c = 0; c <= starts.length; c++) {
      if (fresh != null && c == sealedChunkCount) {
        nextChunks.add(fresh);
        nextDeleted.add(Arrays.copyOf(freshDeleted.toLongArray(), words(fresh.capacity())));
        nextRowCount += fresh.capacity();
        dead += freshDeleted.cardinality();
      }
      if (c < starts.length && !gone.contains(chunks.get(c))) {
        nextChunks.add(chunks.get(c));
        nextDeleted.add(deleted[c]);
        nextRowCount += rowsIn(c);
        dead += deletedIn(c).cardinality();
      }
    }
    return new RowSnapshot(
        nextChunks, nextDeleted.toArray(new long[0][]), nextRowCount, nextRowCount - dead);
  }

  private static int words(int rows) {
    return Math.ceilDiv(rows, Long.SIZE);
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

  /** Sealed chunks come first, so that written rows begin at this ordinal. */
  int sealedRowCount() {
    return sealedRowCount;
  }

  List<RowChunk> sealedChunks() {
    return chunks.subList(0, sealedChunkCount);
  }

  /** True if the same rows are sealed, so that their ordinals mean the same in both. */
  boolean hasSealedRowsOf(RowSnapshot other) {
    return sealedChunks().equals(other.sealedChunks());
  }

  /** Null if these rows are not among the sealed ones. */
  @Nullable RowChunk sealedChunk(SealedRows sealed) {
    for (RowChunk chunk : sealedChunks()) {
      if (chunk.sealed() == sealed) {
        return chunk;
      }
    }
    return null;
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
    int end = chunk + 1 < starts.length ? starts[chunk + 1] : Integer.MAX_VALUE;
    return Math.clamp(
        rowCount - starts[chunk], 0, Math.min(end - starts[chunk], chunks.get(chunk).capacity()));
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

  /** False where rows are too short for codes to help, or some have none yet. */
  boolean haveCodes() {
    return chunks.stream().noneMatch(chunk -> chunk.codes() == null);
  }

  /** Deleted rows of one chunk, a copy. */
  BitSet deletedIn(int chunk) {
    return BitSet.valueOf(deleted[chunk]);
  }

  int indexOf(RowChunk chunk) {
    return chunks.indexOf(chunk);
  }

  /** How many of the written rows are deleted. */
  int deadWrittenRows() {
    int dead = 0;
    for (int c = sealedChunkCount; c < deleted.length; c++) {
      for (long word : deleted[c]) {
        dead += Long.bitCount(word);
      }
    }
    return dead;
  }

  /**
   * The live sealed row with this id, by its ordinal.
   *
   * @param hash of the id by {@link IdHash}
   */
  OptionalInt sealedRow(byte[] id, long hash) {
    for (int c = 0; c < sealedChunkCount; c++) {
      SealedRows sealed = chunks.get(c).sealed();
      if (sealed != null) {
        OptionalInt row = sealed.find(id, hash);
        if (row.isPresent() && !isDeleted(c, row.getAsInt())) {
          return OptionalInt.of(starts[c] + row.getAsInt());
        }
      }
    }
    return OptionalInt.empty();
  }

  QueryBatch.Stored stored(int ordinal) {
    int chunk = chunkOf(ordinal);
    return new QueryBatch.Stored(ordinal, chunks.get(chunk), ordinal - starts[chunk]);
  }

  VectorId id(int ordinal) {
    int chunk = chunkOf(ordinal);
    return chunks.get(chunk).id(ordinal - starts[chunk]);
  }
}
