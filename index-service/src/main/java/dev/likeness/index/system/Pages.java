package dev.likeness.index.system;

import static dev.likeness.index.system.Linux.INT;
import static dev.likeness.index.system.Linux.LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Memory straight from the operating system, by its address. What is asked of it beyond that is
 * advice, whose refusal costs time only. Safe for any thread.
 */
public final class Pages {

  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_AND_ANONYMOUS = 0x22;
  private static final int USE_HUGE_PAGES = 14;
  private static final int FREE_WHEN_SHORT = 8;
  private static final int WRITE_ALL_PAGES = 23;
  private static final long FAILED = -1;

  private static final @Nullable Pages LINUX = Linux.bind(Pages::new);

  private final MethodHandle map;
  private final MethodHandle advise;
  private final MethodHandle unmap;

  private Pages(Linux linux) {
    map = linux.call("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    advise = linux.call("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));
    unmap = linux.call("munmap", FunctionDescriptor.of(INT, LONG, LONG));
  }

  /** Null where they cannot be had. */
  public static @Nullable Pages ofLinux() {
    return LINUX;
  }

  /**
   * Memory that reads as zeros.
   *
   * @return its address
   * @throws OutOfMemoryError if there is none
   */
  public long map(long bytes) {
    long start;
    try {
      start = (long) map.invokeExact(0L, bytes, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (start == FAILED) {
      throw new OutOfMemoryError("no memory for rows: %d bytes".formatted(bytes));
    }
    return start;
  }

  /** Gives it back; nobody may use it any more. */
  public void unmap(long start, long bytes) {
    try {
      int _ = (int) unmap.invokeExact(start, bytes);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** In pages of 2 MiB; refused, they stay small. */
  public void useHugePages(long start, long bytes) {
    advise(start, bytes, USE_HUGE_PAGES);
  }

  /** The system may take it when it is short, until it is written again. */
  public void freeWhenShort(long start, long bytes) {
    advise(start, bytes, FREE_WHEN_SHORT);
  }

  /** Clears it now; refused, it is cleared when it is first written. */
  public void clear(long start, long bytes) {
    advise(start, bytes, WRITE_ALL_PAGES);
  }

  private void advise(long start, long bytes, int advice) {
    try {
      int _ = (int) advise.invokeExact(start, bytes, advice);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
