package dev.likeness.gateway.competition;

import java.util.ArrayList;
import java.util.List;

/** Cuts lists into requests of bounded size. */
final class Chunks {

  private Chunks() {}

  /** Parts of at most the given size, in order. */
  static <T> List<List<T>> of(List<T> items, int size) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < items.size(); from += size) {
      chunks.add(items.subList(from, Math.min(from + size, items.size())));
    }
    return chunks;
  }
}
