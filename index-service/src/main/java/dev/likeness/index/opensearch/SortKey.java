package dev.likeness.index.opensearch;

import dev.likeness.index.vector.VectorId;

/**
 * A text whose order in OpenSearch, by bytes of UTF-8, is that of the ids, by UTF-16 code units.
 * The two differ only where an id has characters beyond U+FFFF; most ids are their own key.
 */
final class SortKey {

  private SortKey() {}

  static String of(VectorId id) {
    StringBuilder key = new StringBuilder(id.value().length());
    for (char unit : id.value().toCharArray()) {
      // U+D800 to U+FFFF move up together, because halves of surrogate pairs are no UTF-8
      key.appendCodePoint(unit < Character.MIN_SURROGATE ? unit : unit + 0x10000);
    }
    return key.toString();
  }
}
