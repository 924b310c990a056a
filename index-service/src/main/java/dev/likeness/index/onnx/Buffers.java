package dev.likeness.index.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory for rows and their sums that is used again: as many pairs as there were threads at once,
 * each as large as the largest that was asked for. Safe for any thread.
 */
final class Buffers {

  /** The widest SIMD register. */
  private static final long ALIGNMENT = 64;

  private final Queue<Pair> free = new ConcurrentLinkedQueue<>();

  record Pair(MemorySegment rows, MemorySegment sums) {}

  /** At least so many bytes each; what they hold is undefined. */
  Pair take(long rowBytes, long sumBytes) {
    Pair pair = free.poll();
    if (pair != null && pair.rows.byteSize() >= rowBytes && pair.sums.byteSize() >= sumBytes) {
      return pair;
    }
    return pair == null
        ? new Pair(fresh(rowBytes), fresh(sumBytes))
        : new Pair(larger(pair.rows, rowBytes), larger(pair.sums, sumBytes));
  }

  void giveBack(Pair pair) {
    free.add(pair);
  }

  private static MemorySegment larger(MemorySegment memory, long bytes) {
    return memory.byteSize() >= bytes ? memory : fresh(bytes);
  }

  private static MemorySegment fresh(long bytes) {
    return Arena.ofAuto().allocate(bytes, ALIGNMENT);
  }
}
