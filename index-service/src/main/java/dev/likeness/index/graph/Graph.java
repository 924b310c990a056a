package dev.likeness.index.graph;

import dev.likeness.index.kernel.CodedQuery;
import dev.likeness.index.kernel.VectorKernel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Links between rows, by which the nearest of a query are found: a hierarchical navigable small
 * world (Malkov and Yashunin 2018). The lowest layer holds all rows, each higher one a part of
 * those below it. Safe for any thread.
 */
public final class Graph {

  private final Layer base;
  private final List<Layer> upper; // the lowest first
  private final RecallCurve recall;
  private final Queue<GraphSearcher> idle = new ConcurrentLinkedQueue<>();

  Graph(Layer base, List<Layer> upper, RecallCurve recall) {
    this.base = base;
    this.upper = List.copyOf(upper);
    this.recall = recall;
  }

  /**
   * A searcher to be closed by the same thread; as many are kept as were used at one time.
   *
   * @param rows those the graph was built over, always the same
   */
  public GraphSearcher searcher(CodedRows rows, VectorKernel kernel) {
    GraphSearcher searcher = idle.poll();
    return searcher == null ? new GraphSearcher(this, rows, kernel) : searcher;
  }

  void takeBack(GraphSearcher searcher) {
    idle.add(searcher);
  }

  /** What it was found to be worth. */
  public RecallCurve recall() {
    return recall;
  }

  public int rowCount() {
    return base.size();
  }

  Layer base() {
    return base;
  }

  List<Layer> upper() {
    return upper;
  }

  /** The row at which the search in the lowest layer begins. */
  static int entry(List<Layer> upper, LayerSearch search, CodedQuery query) {
    int node = 0;
    for (Layer layer : upper.reversed()) {
      node = search.descend(layer, query, node);
    }
    return upper.isEmpty() ? node : upper.getFirst().row(node);
  }
}
