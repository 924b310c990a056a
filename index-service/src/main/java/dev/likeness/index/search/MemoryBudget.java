package dev.likeness.index.search;

import dev.likeness.index.error.IndexFullException;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes of off-heap memory that all collections share. Safe for any thread. */
public final class MemoryBudget {

  private final long limitBytes;
  private final AtomicLong used = new AtomicLong();

  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return used.get();
  }

  long freeBytes() {
    return limitBytes - used.get();
  }

  /**
   * @throws IndexFullException if fewer than {@code bytes} are left
   */
  void take(long bytes) {
    long before = used.getAndUpdate(now -> bytes <= limitBytes - now ? now + bytes : now);
    if (bytes > limitBytes - before) {
      throw new IndexFullException(limitBytes, before, bytes);
    }
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }
}
