package dev.likeness.index.search;

import dev.likeness.index.system.Pages;
import dev.likeness.index.system.ThreadPriority;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

  /** What the rows of one log of the default seal size take, and half as much. */
  private static final long MOST_KEPT_BYTES = 256L << 20;

  /** Blocks of one size that are ready before they are asked for. */
  private static final int AHEAD = 3;

  /** Larger blocks are not for rows that are being written. */
  private static final long MOST_AHEAD_BYTES = 16L << 20;

  private static final @Nullable RowMemory LINUX = ofLinux();

  private final Pages pages;

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

  private RowMemory(Pages pages) {
    this.pages = pages;
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
    Pages pages = Pages.ofLinux();
    return pages == null ? null : new RowMemory(pages);
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
    Block block = new Block(pages.map(length), length, bytes);
    pages.useHugePages(block.first(), bytes);
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
      pages.clear(block.first(), bytes);
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
    pages.freeWhenShort(block.first(), block.bytes);
    synchronized (kept) {
      kept.addLast(block);
      keptBytes += block.bytes;
      while (keptBytes > MOST_KEPT_BYTES) {
        Block oldest = kept.removeFirst();
        keptBytes -= oldest.bytes;
        pages.unmap(oldest.start, oldest.length);
      }
    }
  }
}
