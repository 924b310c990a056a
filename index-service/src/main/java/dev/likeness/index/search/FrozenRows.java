package dev.likeness.index.search;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorId;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * The live rows of a part of an index as of one moment, to be written to a file. Close it, or their
 * memory stays.
 */
public interface FrozenRows extends AutoCloseable {

  int count();

  /** As {@link VectorId#toBytes} makes them. */
  byte[] idBytes(int row);

  Payload payload(int row);

  /**
   * The values of a row and of those behind it which lie behind it in memory as well.
   *
   * @param most rows, 1 or more
   * @return float32 [1 to most][dimension], in the order of bytes of this machine
   */
  MemorySegment values(int row, int most);

  /** Which rows of sealed ones were deleted at that moment. */
  BitSet deleted(SealedRows sealed);

  @Override
  void close();
}
