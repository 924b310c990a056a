package dev.likeness.index.search;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Zeroed memory for rows. On Linux it is asked for in pages of 2 MiB, which the kernel clears when
 * they are first written: filling rows then costs a fifth of what pages of 4 KiB cost. Elsewhere,
 * or where calls of the operating system are not allowed, it is ordinary memory of the arena.
 *
 * @see "docs/adr/0020-durable-writes.md"
 */
final class RowMemory {

  /** A cache line, and the widest SIMD register. */
  private static final long ALIGNMENT = 64;

  private static final long HUGE_PAGE = 2L << 20;
  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_AND_ANONYMOUS = 0x22;
  private static final int USE_HUGE_PAGES = 14;
  private static final long FAILED = -1;

  private static final @Nullable RowMemory LINUX = ofLinux();

  private final MethodHandle map;
  private final MethodHandle advise;
  private final MethodHandle unmap;

  private RowMemory(MethodHandle map, MethodHandle advise, MethodHandle unmap) {
    this.map = map;
    this.advise = advise;
    this.unmap = unmap;
  }

  /**
   * Memory that lives as long as the arena, aligned for every register.
   *
   * @throws OutOfMemoryError if there is none
   */
  static MemorySegment allocate(Arena arena, long bytes) {
    return LINUX == null || bytes < HUGE_PAGE
        ? arena.allocate(bytes, ALIGNMENT)
        : LINUX.mapped(arena, bytes);
  }

  private static @Nullable RowMemory ofLinux() {
    if (!System.getProperty("os.name").equals("Linux")
        || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
      return null;
    }
    try {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
      ValueLayout.OfInt number = ValueLayout.JAVA_INT;
      return new RowMemory(
          linker.downcallHandle(
              library.findOrThrow("mmap"),
              FunctionDescriptor.of(word, word, word, number, number, number, word)),
          linker.downcallHandle(
              library.findOrThrow("madvise"), FunctionDescriptor.of(number, word, word, number)),
          linker.downcallHandle(
              library.findOrThrow("munmap"), FunctionDescriptor.of(number, word, word)));
    } catch (RuntimeException e) {
      return null; // calls of the operating system are not allowed
    }
  }

  private MemorySegment mapped(Arena arena, long bytes) {
    long length = bytes + HUGE_PAGE;
    long start = map(length);
    long first = Math.ceilDiv(start, HUGE_PAGE) * HUGE_PAGE;
    try {
      int advised = (int) advise.invokeExact(first, bytes, USE_HUGE_PAGES); // refused: small pages
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return MemorySegment.ofAddress(first).reinterpret(bytes, arena, gone -> unmap(start, length));
  }

  private long map(long length) {
    long start;
    try {
      start = (long) map.invokeExact(0L, length, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (start == FAILED) {
      throw new OutOfMemoryError("no memory for rows: %d bytes".formatted(length));
    }
    return start;
  }

  private void unmap(long start, long length) {
    try {
      int result = (int) unmap.invokeExact(start, length);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
