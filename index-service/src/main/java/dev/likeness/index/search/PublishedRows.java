package dev.likeness.index.search;

/**
 * The rows that are visible now. They change by one volatile write; who holds a snapshot keeps its
 * rows in memory until it lets go, and waits for nobody. For any number of readers and one
 * publisher at a time.
 */
final class PublishedRows {

  private volatile RowSnapshot current = RowSnapshot.empty();

  /** To be looked at, not to be read from: its rows may be freed at any moment. */
  RowSnapshot current() {
    return current;
  }

  /** The same, to be let go by the caller, and to be read from until then. */
  RowSnapshot hold() {
    while (true) {
      RowSnapshot rows = current;
      if (rows.tryHold()) {
        return rows;
      }
    }
  }

  /**
   * @param next held by its maker, who leaves that to this object
   */
  void publish(RowSnapshot next) {
    RowSnapshot previous = current;
    current = next;
    previous.letGo();
  }
}
