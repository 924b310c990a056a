package dev.likeness.index.search;

import java.util.OptionalInt;

/**
 * Finds positions of rows by the hashes of their ids, in one array: open addressing, the next free
 * slot. Ids themselves lie with the rows, and what is deleted stays here: the rows say what is
 * alive. For one writer; readers keep out while it writes.
 */
final class IdTable {

  /** Tells whether the row at a position has the id that is looked for. */
  interface Match {
    boolean at(int position);
  }

  /** Tells whether the rows at two positions have the same id. */
  interface SameId {
    boolean at(int position, int other);
  }

  private static final int LEAST_SLOTS = 16;

  /** For each slot half of the hash, which is never 0, and the position; 0 if it is free. */
  private long[] slots = new long[LEAST_SLOTS];

  private int size;

  /** The position that was put last. */
  OptionalInt find(long hash, Match match) {
    long entry = slots[slotOf(half(hash), match)];
    return entry == 0 ? OptionalInt.empty() : OptionalInt.of((int) entry);
  }

  /** As {@link SealedRows#touch}. */
  int touch(long[] hashes) {
    int sum = 0;
    for (long hash : hashes) {
      sum += (int) slots[half(hash) & (slots.length - 1)];
    }
    return sum;
  }

  /**
   * In place of an earlier position with the same id.
   *
   * @return that position
   */
  OptionalInt put(long hash, int position, Match match) {
    return putHalf(half(hash), position, match);
  }

  /**
   * This table and a later one, whose positions go before those of the same ids here. Neither is to
   * be used any more.
   */
  IdTable followedBy(IdTable later, SameId same) {
    if (size == 0) {
      return later;
    }
    for (long entry : later.slots) {
      if (entry != 0) {
        putHalf(halfOf(entry), (int) entry, position -> same.at(position, (int) entry));
      }
    }
    return this;
  }

  private OptionalInt putHalf(int half, int position, Match match) {
    int slot = slotOf(half, match);
    long former = slots[slot];
    slots[slot] = ((long) half << Integer.SIZE) | Integer.toUnsignedLong(position);
    if (former != 0) {
      return OptionalInt.of((int) former);
    }
    if (++size > slots.length / 2) {
      grow();
    }
    return OptionalInt.empty();
  }

  private int slotOf(int half, Match match) {
    int last = slots.length - 1;
    for (int slot = half & last; ; slot = (slot + 1) & last) {
      long entry = slots[slot];
      if (entry == 0 || (halfOf(entry) == half && match.at((int) entry))) {
        return slot;
      }
    }
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    int last = larger.length - 1;
    for (long entry : slots) {
      if (entry != 0) {
        int slot = halfOf(entry) & last;
        while (larger[slot] != 0) {
          slot = (slot + 1) & last;
        }
        larger[slot] = entry;
      }
    }
    slots = larger;
  }

  private static int half(long hash) {
    return (int) (hash >>> Integer.SIZE) | Integer.MIN_VALUE;
  }

  private static int halfOf(long entry) {
    return (int) (entry >>> Integer.SIZE);
  }
}
