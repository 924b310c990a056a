package dev.likeness.index.graph;

import dev.likeness.index.kernel.CodedQuery;
import dev.likeness.index.kernel.VectorKernel;

/** Searches one graph, query after query. Owned by one thread until it is closed. */
public final class GraphSearcher implements AutoCloseable {

  private final Graph graph;
  private final LayerSearch search;
  private final CodedQuery query;

  GraphSearcher(Graph graph, CodedRows rows, VectorKernel kernel) {
    this.graph = graph;
    search = new LayerSearch(rows, graph.base().degree(), kernel);
    query = new CodedQuery(rows.stride());
  }

  /** How many of the found are worth scoring by their values for the k best. */
  public static int rescored(int k) {
    return k + Math.max(10, k / 2);
  }

  /**
   * Finds rows near to a query; {@link #found} and {@link #foundRow} answer them.
   *
   * @param values float32 [dimension]
   * @param width how many allowed rows to keep on the way; more find more
   * @return rows compared with the query
   */
  public long search(float[] values, int width, RowFilter filter) {
    long before = search.visitedCount();
    query.set(values);
    int start = Graph.entry(graph.upper(), search, query);
    search.search(graph.base(), query, start, width, filter);
    return search.visitedCount() - before;
  }

  /** Rows that were kept, allowed or not. */
  public int found() {
    return search.beam().size();
  }

  public boolean isAllowed(int at) {
    return search.beam().isAllowed(at);
  }

  /** By their codes the best comes first. */
  public int foundRow(int at) {
    return search.beam().node(at);
  }

  Beam beam() {
    return search.beam();
  }

  /** Leaves it to the next search. */
  @Override
  public void close() {
    graph.takeBack(this);
  }
}
