package dev.likeness.index.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/** A file as memory. */
final class MappedFile {

  private MappedFile() {}

  /**
   * The whole of a file, to be read only, as memory of the same kind as that of rows which were
   * written lately. With two kinds the compiler must look at each access which one it meets: a
   * batch of 1,000 queries over sealed rows took 12 % longer, and other rows 6 % longer with it.
   */
  static MemorySegment map(FileChannel channel, Arena arena) throws IOException {
    MemorySegment mapped =
        channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena); // owns the memory
    try {
      MemorySegment memory = MemorySegment.ofAddress(mapped.address());
      return memory.reinterpret(mapped.byteSize(), arena, null).asReadOnly();
    } catch (IllegalCallerException nativeAccessIsDenied) {
      return mapped;
    }
  }
}
