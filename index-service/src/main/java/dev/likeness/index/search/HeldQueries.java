package dev.likeness.index.search;

/**
 * Queries and the snapshot that they ask, held until this is closed: ids that they start from led
 * to rows of it.
 */
record HeldQueries(QueryBatch queries, RowSnapshot rows) implements AutoCloseable {
  @Override
  public void close() {
    rows.letGo();
  }
}
