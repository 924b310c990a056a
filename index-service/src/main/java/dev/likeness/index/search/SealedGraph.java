package dev.likeness.index.search;

import dev.likeness.index.graph.Graph;

/**
 * The graph over sealed rows, in memory that somebody else brings. The index closes it with the
 * rows.
 */
public interface SealedGraph extends AutoCloseable {

  Graph graph();

  @Override
  void close();
}
