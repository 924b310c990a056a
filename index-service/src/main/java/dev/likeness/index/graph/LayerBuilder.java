package dev.likeness.index.graph;

import dev.likeness.index.kernel.CodedQuery;
import dev.likeness.index.kernel.VectorKernel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.BooleanSupplier;

/**
 * Builds one layer. Nodes are inserted in batches: all nodes of a batch look for their neighbors in
 * the graph as it is before the batch, in parallel; then each of those neighbors takes its new
 * links, in parallel again. So no two threads ever touch the same links, nothing is locked, and the
 * graph does not depend on how many threads there are.
 */
final class LayerBuilder {

  /** A batch is this part of what was inserted before, so that it hardly misses its own members. */
  private static final int BATCH_SHARE = 64;

  private static final int LARGEST_BATCH = 2048;

  /** Where the search for the neighbors of a row begins: a node that was inserted. */
  interface Entry {
    int of(LayerSearch search, CodedQuery query, int insertedCount);
  }

  private final CodedRows rows;
  private final Layer layer;
  private final int beamWidth;
  private final BuildThreads threads;
  private final Worker[] workers;

  LayerBuilder(
      CodedRows rows, Layer layer, int beamWidth, VectorKernel kernel, BuildThreads threads) {
    this.rows = rows;
    this.layer = layer;
    this.beamWidth = beamWidth;
    this.threads = threads;
    workers = new Worker[threads.count()];
    Arrays.setAll(workers, _ -> new Worker(kernel));
  }

  /**
   * Inserts nodes {@code order[from]} to {@code order[to - 1]}; those before them are inserted.
   *
   * @throws BuildStoppedException if {@code stop} says so
   */
  void insert(int[] order, int from, int to, Entry entry, BooleanSupplier stop) {
    int done = from;
    if (done == 0 && to > 0) {
      layer.write(order[0], new int[0], 0);
      done = 1;
    }
    while (done < to) {
      BuildStoppedException.throwIf(stop);
      int first = done;
      int size = Math.min(Math.clamp(first / BATCH_SHARE, 1, LARGEST_BATCH), to - first);
      threads.run(size, (w, i) -> workers[w].link(order[first + i], entry, first));
      long[] backward = backwardLinks(order, first, size);
      int[] groups = groups(backward);
      threads.run(
          groups.length - 1, (w, g) -> workers[w].accept(backward, groups[g], groups[g + 1]));
      done += size;
    }
  }

  /**
   * Gives every node that no way leads to from the first one a link from the nearest that a way
   * leads to. Many equal rows make such nodes, since each wants only one of the others.
   */
  void connect(int[] order, Entry entry) {
    Worker worker = workers[0];
    BitSet reached = new BitSet(layer.size());
    spread(order[0], reached);
    for (int node : order) {
      if (!reached.get(node)) {
        worker.adopt(node, entry, order.length);
        spread(node, reached);
      }
    }
  }

  /** Marks what is not marked yet and can be reached from a node. */
  private void spread(int from, BitSet reached) {
    int[] links = new int[layer.degree()];
    int[] waiting = new int[1024];
    int count = 1;
    waiting[0] = from;
    reached.set(from);
    while (count > 0) {
      int linked = layer.read(waiting[--count], links);
      if (count + linked > waiting.length) {
        waiting = Arrays.copyOf(waiting, 2 * waiting.length + linked);
      }
      for (int i = 0; i < linked; i++) {
        if (!reached.get(links[i])) {
          reached.set(links[i]);
          waiting[count++] = links[i];
        }
      }
    }
  }

  /** For each link of the batch the node it leads to, above, and the one it comes from, below. */
  private long[] backwardLinks(int[] order, int first, int size) {
    int[] links = new int[layer.degree()];
    long[] backward = new long[size * layer.degree()];
    int count = 0;
    for (int i = first; i < first + size; i++) {
      int linked = layer.read(order[i], links);
      for (int j = 0; j < linked; j++) {
        backward[count++] = (long) links[j] << Integer.SIZE | order[i];
      }
    }
    long[] sorted = Arrays.copyOf(backward, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** Where the links to each node begin, and the end. */
  private static int[] groups(long[] backward) {
    int[] starts = new int[backward.length + 1];
    int count = 0;
    for (int i = 0; i < backward.length; i++) {
      if (i == 0 || target(backward[i]) != target(backward[i - 1])) {
        starts[count++] = i;
      }
    }
    starts[count++] = backward.length;
    return Arrays.copyOf(starts, count);
  }

  private static int target(long backward) {
    return (int) (backward >> Integer.SIZE);
  }

  /** What one thread needs. */
  private final class Worker {
    private final LayerSearch search;
    private final LinkChoice choice;
    private final CodedQuery query = new CodedQuery(rows.stride());
    private final Beam ordered = new Beam();
    private int[] nodes = new int[layer.degree()];

    Worker(VectorKernel kernel) {
      search = new LayerSearch(rows, layer.degree(), kernel);
      choice = new LinkChoice(rows, layer.degree(), kernel);
    }

    /** Gives a new node its links. */
    void link(int node, Entry entry, int insertedCount) {
      int row = layer.row(node);
      query.set(rows.codes(), rows.offset(row));
      int start = entry.of(search, query, insertedCount);
      search.search(layer, query, start, beamWidth, RowFilter.ALL);
      choose(search.beam(), row);
      layer.write(node, choice.chosen(), choice.count());
    }

    /** Gives a node a link from one that was found, the nearest with room for it. */
    void adopt(int node, Entry entry, int insertedCount) {
      int row = layer.row(node);
      query.set(rows.codes(), rows.offset(row));
      int start = entry.of(search, query, insertedCount);
      search.search(layer, query, start, beamWidth, RowFilter.ALL);
      Beam found = search.beam();
      for (int i = 0; i < found.size(); i++) {
        int count = layer.read(found.node(i), nodes);
        if (count < layer.degree()) {
          nodes[count] = node;
          layer.write(found.node(i), nodes, count + 1);
          return;
        }
      }
      int count = layer.read(found.node(0), nodes);
      nodes[count - 1] = node; // the least of its links, which others are likely to lead to
      layer.write(found.node(0), nodes, count);
    }

    /** Adds new links to those of a node; chooses among them if they are too many. */
    void accept(long[] backward, int from, int to) {
      int node = target(backward[from]);
      grow(layer.degree() + to - from);
      int count = layer.read(node, nodes);
      for (int i = from; i < to; i++) {
        nodes[count++] = (int) backward[i];
      }
      if (count <= layer.degree()) {
        layer.write(node, nodes, count);
        return;
      }
      int row = layer.row(node);
      query.set(rows.codes(), rows.offset(row));
      search.rank(layer, query, nodes, count, ordered);
      choose(ordered, row);
      layer.write(node, choice.chosen(), choice.count());
    }

    private void choose(Beam candidates, int row) {
      float factor = query.scale() * rows.scale(row);
      choice.clear();
      for (int i = 0; i < candidates.size(); i++) {
        if (!choice.offer(layer, candidates.node(i), candidates.score(i) * factor)) {
          return;
        }
      }
    }

    private void grow(int length) {
      if (nodes.length < length) {
        nodes = Arrays.copyOf(nodes, length);
      }
    }
  }
}
