package dev.likeness.index.graph;

/** Which rows may be answered. Asked only for rows that are good enough. */
@FunctionalInterface
public interface RowFilter {

  RowFilter ALL = row -> true;

  boolean allows(int row);
}
