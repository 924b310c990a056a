package dev.likeness.index.search;

import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.graph.RowFilter;
import java.util.function.BooleanSupplier;

/**
 * The rows of one snapshot that a search may answer: not deleted, and allowed by its filter. Every
 * engine consults it for the rows that are good enough to be answered, so that answers and counts
 * are exact. Immutable.
 */
public final class AllowedRows {

  /** Rows looked at before asking again whether anybody waits for the answer. */
  private static final int ROWS_PER_QUESTION = 1024;

  private final RowSnapshot rows;
  private final long[] allowed;
  private final boolean all;
  private final int count;
  private final boolean[] leftOut;

  private AllowedRows(RowSnapshot rows, long[] allowed, boolean all, int count) {
    this(rows, allowed, all, count, new boolean[0]);
  }

  private AllowedRows(RowSnapshot rows, long[] allowed, boolean all, int count, boolean[] leftOut) {
    this.leftOut = leftOut;
    this.rows = rows;
    this.allowed = allowed;
    this.all = all;
    this.count = count;
  }

  /**
   * Asks the filter for every row, unless it allows everything.
   *
   * @param abandoned asked now and then; true ends it early
   * @throws SearchAbandonedException if it does
   */
  static AllowedRows of(RowSnapshot rows, Filter filter, BooleanSupplier abandoned) {
    if (filter.allowsEverything()) {
      return new AllowedRows(rows, new long[0], true, rows.liveCount());
    }
    long[] allowed = new long[Math.ceilDiv(rows.rowCount(), Long.SIZE)];
    int count = 0;
    for (int c = 0; c < rows.chunkCount(); c++) {
      RowChunk chunk = rows.chunk(c);
      int start = rows.start(c);
      int rowsInChunk = rows.rowsIn(c);
      for (int row = 0; row < rowsInChunk; row++) {
        if (row % ROWS_PER_QUESTION == 0 && abandoned.getAsBoolean()) {
          throw new SearchAbandonedException(0);
        }
        if (!rows.isDeleted(c, row) && filter.allows(chunk.payload(row))) {
          allowed[(start + row) / Long.SIZE] |= 1L << (start + row);
          count++;
        }
      }
    }
    return new AllowedRows(rows, allowed, false, count);
  }

  /** How many rows there are. */
  public int count() {
    return count;
  }

  /** How many there are in a chunk. */
  int countIn(int chunk) {
    int rowsInChunk = rows.rowsIn(chunk);
    if (all) {
      return rowsInChunk - rows.deletedIn(chunk).cardinality();
    }
    int counted = 0;
    int end = rows.start(chunk) + rowsInChunk;
    for (int at = next(rows.start(chunk), end); at < end; at = next(at + 1, end)) {
      counted++;
    }
    return counted;
  }

  /** Those of one chunk, by their rows in it. */
  RowFilter in(int chunk, int excludedOrdinal) {
    int start = rows.start(chunk);
    int excluded = excludedOrdinal - start;
    return all
        ? row -> row != excluded && !rows.isDeleted(chunk, row)
        : row -> row != excluded && contains(start + row);
  }

  /** The same, with chunks that a scan leaves out. */
  AllowedRows outside(boolean[] chunks) {
    return new AllowedRows(rows, allowed, all, count, chunks);
  }

  /** True if a scan leaves this chunk out. */
  boolean leavesOut(int chunk) {
    return leftOut.length > 0 && leftOut[chunk];
  }

  public boolean contains(int ordinal) {
    return all ? !rows.isDeleted(ordinal) : (allowed[ordinal / Long.SIZE] & 1L << ordinal) != 0;
  }

  /** The same for a row whose chunk is known. */
  boolean contains(int chunk, int ordinal) {
    return all ? !rows.isDeleted(chunk, ordinal - rows.start(chunk)) : contains(ordinal);
  }

  /** The first allowed ordinal from {@code from} on, or the snapshot's row count. */
  public int next(int from) {
    return next(from, rows.rowCount());
  }

  /** False if a scan may pass over these rows. */
  boolean anyOf(int firstOrdinal, int length) {
    int end = firstOrdinal + length;
    return all || next(firstOrdinal, end) < end;
  }

  /** The first allowed ordinal from {@code from} on, or {@code end}. */
  int next(int from, int end) {
    int ordinal = from;
    while (ordinal < end) {
      if (!all && ordinal % Long.SIZE == 0 && allowed[ordinal / Long.SIZE] == 0) {
        ordinal += Long.SIZE;
      } else if (contains(ordinal)) {
        return ordinal;
      } else {
        ordinal++;
      }
    }
    return end;
  }
}
