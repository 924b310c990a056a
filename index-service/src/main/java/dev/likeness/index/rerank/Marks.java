package dev.likeness.index.rerank;

import java.util.Arrays;

/** A set of small numbers that is emptied at no cost. Owned by one thread. */
final class Marks {

  private final int[] marked;
  private int[] members = new int[16];
  private int size;
  private int round;

  /**
   * @param count numbers are below this
   */
  Marks(int count) {
    marked = new int[count];
    round = 1;
  }

  void clear() {
    round++;
    size = 0;
  }

  boolean has(int number) {
    return marked[number] == round;
  }

  void add(int number) {
    if (marked[number] == round) {
      return;
    }
    marked[number] = round;
    if (size == members.length) {
      members = Arrays.copyOf(members, 2 * size);
    }
    members[size++] = number;
  }

  int size() {
    return size;
  }

  /** The numbers in it, ascending. */
  int[] sorted() {
    int[] sorted = Arrays.copyOf(members, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
