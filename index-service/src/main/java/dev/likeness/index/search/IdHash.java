package dev.likeness.index.search;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Hashes of ids in memory. They differ from one process to the next, so that nobody can choose ids
 * that collide.
 */
public final class IdHash {

  private static final long SEED = new SplittableRandom().nextLong();
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private IdHash() {}

  /**
   * 64 bits, each of which depends on every byte.
   *
   * @param id in UTF-8
   */
  public static long of(byte[] id) {
    return of(id, 0, id.length);
  }

  static long of(byte[] bytes, int from, int length) {
    long hash = SEED ^ length;
    int at = from;
    int end = from + length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mixed(hash ^ (long) EIGHT.get(bytes, at));
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = (rest << Byte.SIZE) | (bytes[at] & 0xFF);
    }
    return mixed(mixed(hash ^ rest));
  }

  private static long mixed(long hash) {
    long product = hash * FACTOR;
    return ((product ^ (product >>> 32)) * FACTOR) ^ (product >>> 29);
  }
}
