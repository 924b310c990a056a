package dev.likeness.training.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the C library hands out memory. By default glibc gives each large tensor back to the system
 * when it is freed and takes fresh pages for the next one, and making pages is a third of a
 * training step's processor time. Does nothing where there is no glibc.
 */
final class NativeMemory {

  /** mallopt's M_TRIM_THRESHOLD: free memory at the end of the heap that is kept. */
  private static final int KEPT_AT_END = -1;

  /** mallopt's M_MMAP_MAX: blocks that bypass the heap. */
  private static final int BLOCKS_OUTSIDE = -4;

  /** mallopt's M_ARENA_MAX: heaps in the process; only the first can hold large blocks. */
  private static final int HEAPS = -8;

  private NativeMemory() {}

  /** Lets freed memory be used again by the next step instead of going back to the system. */
  static void keepFreed() {
    call("mallopt", HEAPS, 1);
    call("mallopt", BLOCKS_OUTSIDE, 0);
    call("mallopt", KEPT_AT_END, Integer.MAX_VALUE);
  }

  /** Gives back to the system what is free now. */
  static void giveBack() {
    call("malloc_trim", 0, null);
  }

  private static void call(String function, int first, @Nullable Integer second) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> found = linker.defaultLookup().find(function);
    if (found.isEmpty()) {
      return;
    }
    MemoryLayout[] arguments =
        second == null
            ? new MemoryLayout[] {ValueLayout.JAVA_LONG}
            : new MemoryLayout[] {ValueLayout.JAVA_INT, ValueLayout.JAVA_INT};
    FunctionDescriptor shape = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    try {
      if (second == null) {
        int unused = (int) linker.downcallHandle(found.get(), shape).invokeExact((long) first);
      } else {
        int unused =
            (int) linker.downcallHandle(found.get(), shape).invokeExact(first, (int) second);
      }
    } catch (Throwable unexpected) {
      throw new NativeRuntimeException(function + " cannot be called", unexpected);
    }
  }
}
