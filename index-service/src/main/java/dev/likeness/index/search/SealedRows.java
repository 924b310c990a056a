package dev.likeness.index.search;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorId;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * Rows that never change, in memory that somebody else brings: a mapped file. Safe for any thread
 * until it is closed; the index closes it when the last search that uses it is done.
 */
public interface SealedRows {

  int count();

  int dimension();

  /**
   * float32 {@code [count][dimension]}, little-endian, row after row; the memory goes on to the
   * next multiple of 64 rows.
   */
  MemorySegment values();

  /** As {@link VectorId#toBytes} makes them. */
  byte[] idBytes(int row);

  Payload payload(int row);

  /**
   * The row with this id, whether it was deleted since or not.
   *
   * @param id as {@link VectorId#toBytes} makes them
   * @param hash of the id by {@link IdHash}
   */
  OptionalInt find(byte[] id, long hash);

  /**
   * Brings what {@link #find} looks at first into the processor's cache, for all ids at once: one
   * after the other, each waits for memory.
   *
   * @return without meaning; it depends on all that was read
   */
  default int touch(long[] hashes) {
    return 0;
  }

  void close();
}
