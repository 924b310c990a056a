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

  VectorId id(int row);

  Payload payload(int row);

  /** Copies float32 [dimension], in the order of bytes of this machine, to {@code at}. */
  void copyValues(int row, MemorySegment to, long at);

  /** Which rows of sealed ones were deleted at that moment. */
  BitSet deleted(SealedRows sealed);

  @Override
  void close();
}
