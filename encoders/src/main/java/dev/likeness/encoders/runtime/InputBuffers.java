package dev.likeness.encoders.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Native memory that is used again: fresh memory for every run would be zeroed, mapped page by
 * page, and freed only when the garbage collector next looks. Safe for use by any number of
 * threads.
 */
final class InputBuffers {

  private final List<FloatBuffer> free = new ArrayList<>();

  /** An empty buffer for so many floats at least; whoever takes it gives it back. */
  FloatBuffer take(int length) {
    synchronized (free) {
      for (int i = free.size() - 1; i >= 0; i--) {
        if (fits(free.get(i), length)) {
          return free.remove(i).clear();
        }
      }
      // Whatever lies here is of another size; only what runs now is worth its memory.
      free.clear();
    }
    int bytes = Math.multiplyExact(length, Float.BYTES);
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** A small input does not take the place of a large one. */
  private static boolean fits(FloatBuffer buffer, int length) {
    return buffer.capacity() >= length && buffer.capacity() <= 2L * length;
  }

  void giveBack(FloatBuffer buffer) {
    synchronized (free) {
      free.add(buffer);
    }
  }
}
