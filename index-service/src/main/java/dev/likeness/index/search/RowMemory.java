package dev.likeness.index.search;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Memory for rows. On Linux it is asked for in pages of 2 MiB, which the kernel clears when they
 * are first written: filling rows then costs a fifth of what pages of 4 KiB cost. What is given
 * back is kept for the next rows, up to {@link #MOST_KEPT_BYTES}, and while rows are written some
 * is cleared ahead of them by a thread of its own: writing memory for the first time can take
 * longer than all else about a row. The system may take kept memory whenever it is short of it.
 * Elsewhere, or where calls of the operating system are not allowed, it is ordinary memory of the
 * arena. Safe for any thread.
 *
 * @see "docs/adr/0020-durable-writes.md"
 * @see "docs/adr/0023-less-work-per-write.md"
 */
final class RowMemory {

  /** A cache line, and the widest SIMD register. */
  private static final long ALIGNMENT = 64;

  private static final long HUGE_PAGE = 2L << 20;
  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_AND_ANONYMOUS = 0x22;
  private static final int USE_HUGE_PAGES = 14;
  private static final int FREE_WHEN_SHORT = 8;
  private static final int WRITE_ALL_PAGES = 23;
  private static final long FAILED = -1;

  /** What the rows of one log of the default seal size take, and half as much. */
  private static final long MOST_KEPT_BYTES = 256L << 20;

  /** Blocks of one size that are ready before they are asked for. */
  private static final int AHEAD = 3;

  /** Larger blocks are not for rows that are being written. */
  private static final long MOST_AHEAD_BYTES = 16L << 20;

  private static final @Nullable RowMemory LINUX = ofLinux();

  private final MethodHandle map;
  private final MethodHandle advise;
  private final MethodHandle unmap;

  /** What was given back, the longest ago first. */
  private final Deque<Block> kept = new ArrayDeque<>();

  private long keptBytes; // guarded by kept

  /** Sizes that were asked for. */
  private final Set<Long> askedFor = new HashSet<>(); // guarded by kept

  private final ExecutorService clearing =
      Executors.newSingleThreadExecutor(
          task -> {
            Runnable quietly =
                () -> {
                  ThreadPriority.lower();
                  task.run();
                };
            return Thread.ofPlatform().daemon().name("index-row-memory").unstarted(quietly);
          });

  /**
   * Mapped memory.
   *
   * @param start address of the mapping
   * @param length of the mapping
   * @param bytes of it that are used, from the first boundary of a large page on
   */
  private record Block(long start, long length, long bytes) {
    long first() {
      return Math.ceilDiv(start, HUGE_PAGE) * HUGE_PAGE;
    }
  }

  private RowMemory(MethodHandle map, MethodHandle advise, MethodHandle unmap) {
    this.map = map;
    this.advise = advise;
    this.unmap = unmap;
  }

  /**
   * Memory that lives as long as the arena, aligned for every register. It may hold what other rows
   * left there.
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
    Block former = takeKept(bytes);
    Block block = former == null ? fresh(bytes) : former;
    if (bytes <= MOST_AHEAD_BYTES && isAskedForAgain(bytes)) {
      clearing.execute(() -> clearAhead(bytes));
    }
    return MemorySegment.ofAddress(block.first()).reinterpret(bytes, arena, gone -> keep(block));
  }

  private Block fresh(long bytes) {
    long length = bytes + HUGE_PAGE;
    Block block = new Block(map(length), length, bytes);
    advise(block, USE_HUGE_PAGES); // refused: small pages
    return block;
  }

  /** One block of a size is often the only one; the second will not be the last. */
  private boolean isAskedForAgain(long bytes) {
    synchronized (kept) {
      return !askedFor.add(bytes);
    }
  }

  /** Memory that cannot be had now is asked for again when it is needed. */
  private void clearAhead(long bytes) {
    while (isWorthClearing(bytes)) {
      Block block;
      try {
        block = fresh(bytes);
      } catch (OutOfMemoryError e) {
        return;
      }
      advise(block, WRITE_ALL_PAGES); // refused: they are cleared when they are written
      keep(block);
    }
  }

  private boolean isWorthClearing(long bytes) {
    synchronized (kept) {
      return keptBytes + bytes <= MOST_KEPT_BYTES
          && kept.stream().filter(block -> block.bytes == bytes).count() < AHEAD;
    }
  }

  private @Nullable Block takeKept(long bytes) {
    synchronized (kept) {
      for (Iterator<Block> blocks = kept.descendingIterator(); blocks.hasNext(); ) {
        Block block = blocks.next();
        if (block.bytes == bytes) {
          blocks.remove();
          keptBytes -= bytes;
          return block;
        }
      }
      return null;
    }
  }

  private void keep(Block block) {
    advise(block, FREE_WHEN_SHORT); // refused: it stays as long as it is kept
    synchronized (kept) {
      kept.addLast(block);
      keptBytes += block.bytes;
      while (keptBytes > MOST_KEPT_BYTES) {
        Block oldest = kept.removeFirst();
        keptBytes -= oldest.bytes;
        unmap(oldest.start, oldest.length);
      }
    }
  }

  private void advise(Block block, int advice) {
    try {
      int result = (int) advise.invokeExact(block.first(), block.bytes, advice);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
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
