package dev.likeness.index.search;

import dev.likeness.index.vector.VectorId;
import java.util.Arrays;

/**
 * The ids of the rows of a chunk as bytes in a few arrays, because a million objects take the
 * garbage collector long. Written by the single writer, row after row, before a {@link RowSnapshot}
 * that covers them is published.
 */
final class RowIds {

  /** One page holds many ids, and a small chunk wastes little. */
  private static final int PAGE_BITS = 14;

  private static final int PAGE_BYTES = 1 << PAGE_BITS;
  private static final int LENGTH_BYTES = 2;
  private static final int MOST_BYTES = LENGTH_BYTES + VectorId.MAX_BYTES;

  private final byte[][] pages;

  /** Where each id begins: the upper bits, unsigned, are the page. */
  private final int[] starts;

  private int rowCount;
  private int page = -1;
  private int used = PAGE_BYTES;

  RowIds(int capacity) {
    starts = new int[capacity];
    pages = new byte[Math.ceilDiv(capacity, PAGE_BYTES / MOST_BYTES)][];
  }

  /** Rows are written in their order; it may begin again at an earlier one. */
  void write(int row, byte[] id) {
    if (row < rowCount) {
      page = starts[row] >>> PAGE_BITS;
      used = starts[row] & (PAGE_BYTES - 1);
    }
    if (used + LENGTH_BYTES + id.length > PAGE_BYTES) {
      page++;
      used = 0;
      if (pages[page] == null) {
        pages[page] = new byte[PAGE_BYTES];
      }
    }
    starts[row] = (page << PAGE_BITS) | used;
    rowCount = row + 1;
    byte[] to = pages[page];
    to[used] = (byte) id.length;
    to[used + 1] = (byte) (id.length >>> Byte.SIZE);
    System.arraycopy(id, 0, to, used + LENGTH_BYTES, id.length);
    used += LENGTH_BYTES + id.length;
  }

  /** A copy, in UTF-8. */
  byte[] bytes(int row) {
    int from = from(row);
    return Arrays.copyOfRange(pageOf(row), from, from + length(row));
  }

  boolean is(int row, byte[] id) {
    int from = from(row);
    return Arrays.equals(pageOf(row), from, from + length(row), id, 0, id.length);
  }

  /** By {@link IdHash}. */
  long hash(int row) {
    return IdHash.of(pageOf(row), from(row), length(row));
  }

  private byte[] pageOf(int row) {
    return pages[starts[row] >>> PAGE_BITS];
  }

  private int from(int row) {
    return (starts[row] & (PAGE_BYTES - 1)) + LENGTH_BYTES;
  }

  private int length(int row) {
    byte[] from = pageOf(row);
    int at = starts[row] & (PAGE_BYTES - 1);
    return (from[at] & 0xFF) | ((from[at + 1] & 0xFF) << Byte.SIZE);
  }
}
