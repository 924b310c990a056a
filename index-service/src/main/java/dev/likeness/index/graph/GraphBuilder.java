package dev.likeness.index.graph;

import dev.likeness.index.kernel.CodedQuery;
import dev.likeness.index.kernel.VectorKernel;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Builds a graph over rows, the highest layer first. The same rows give the same graph, whatever
 * the number of threads.
 */
public final class GraphBuilder {

  private static final long MEMORY_ALIGNMENT = 64;

  /** Queries on which recall is measured: 2,000 neighbors at k = 10. */
  private static final int MAX_SAMPLE = 200;

  /** What so few lack does not change the graph. */
  private static final int MIN_ROWS_PER_SAMPLE = 50;

  private final CodedRows rows;
  private final GraphParameters parameters;
  private final VectorKernel kernel;
  private final BuildThreads threads;
  private final Arena arena;
  private final BooleanSupplier stop;

  private GraphBuilder(
      CodedRows rows,
      GraphParameters parameters,
      VectorKernel kernel,
      BuildThreads threads,
      Arena arena,
      BooleanSupplier stop) {
    this.rows = rows;
    this.parameters = parameters;
    this.kernel = kernel;
    this.threads = threads;
    this.arena = arena;
    this.stop = stop;
  }

  /**
   * @param rows 1 or more
   * @param arena where the graph lies
   * @param stop asked now and then
   * @throws BuildStoppedException if it says so
   */
  public static Graph build(
      CodedRows rows,
      GraphParameters parameters,
      VectorKernel kernel,
      BuildThreads threads,
      Arena arena,
      BooleanSupplier stop) {
    return new GraphBuilder(rows, parameters, kernel, threads, arena, stop).build();
  }

  private Graph build() {
    int[] order = order();
    List<Layer> upper = new ArrayList<>();
    for (int height = height(order[0]); height > 0; height--) {
      upper.addFirst(upperLayer(order, height, List.copyOf(upper)));
    }
    Layer base = layer(rows.count(), parameters.baseLinks(), new int[0]);
    int upperCount = upper.isEmpty() ? 1 : upper.getFirst().size();
    LayerBuilder builder = new LayerBuilder(rows, base, parameters.beamWidth(), kernel, threads);
    LayerBuilder.Entry entry = entry(upper, order[0], upperCount);
    int inserted = rows.count() - sampleSize(order, upperCount);
    builder.insert(order, 0, inserted, entry, stop);
    RecallCurve recall = new RecallCurve(List.of());
    if (inserted < rows.count()) {
      Graph most = new Graph(base, upper, recall);
      recall = new Calibration(rows, most, kernel, order, inserted, threads, stop).run();
      builder.insert(order, inserted, rows.count(), entry, stop);
    }
    builder.connect(order, entry);
    return new Graph(base, upper, recall);
  }

  /** Moves rows from all over the segment to the end of the order. */
  private int sampleSize(int[] order, int upperCount) {
    int others = order.length - upperCount;
    int size = Math.min(MAX_SAMPLE, others / MIN_ROWS_PER_SAMPLE);
    for (int i = 0; i < size; i++) {
      int from = upperCount + (int) ((long) (others - size) * i / size);
      int to = order.length - size + i;
      int row = order[from];
      order[from] = order[to];
      order[to] = row;
    }
    return size;
  }

  private Layer upperLayer(int[] order, int height, List<Layer> above) {
    int size = 0;
    while (size < order.length && height(order[size]) >= height) {
      size++;
    }
    Layer layer = layer(size, parameters.links(), Arrays.copyOf(order, size));
    int[] nodes = new int[size];
    Arrays.setAll(nodes, node -> node);
    LayerBuilder builder = new LayerBuilder(rows, layer, parameters.beamWidth(), kernel, threads);
    int aboveCount = above.isEmpty() ? 1 : above.getFirst().size();
    builder.insert(
        nodes,
        0,
        size,
        (search, query, inserted) -> inserted < aboveCount ? 0 : node(above, search, query),
        stop);
    return layer;
  }

  private static int node(List<Layer> above, LayerSearch search, CodedQuery query) {
    int node = 0;
    for (Layer layer : above.reversed()) {
      node = search.descend(layer, query, node);
    }
    return node;
  }

  private static LayerBuilder.Entry entry(List<Layer> upper, int first, int upperCount) {
    return (search, query, inserted) ->
        inserted < upperCount || upper.isEmpty() ? first : Graph.entry(upper, search, query);
  }

  private Layer layer(int size, int degree, int[] nodeRows) {
    return new Layer(
        size, degree, nodeRows, arena.allocate(Layer.bytes(size, degree), MEMORY_ALIGNMENT));
  }

  /** All rows, those of many layers first. */
  private int[] order() {
    int[] counts = new int[Integer.SIZE];
    for (int row = 0; row < rows.count(); row++) {
      counts[height(row)]++;
    }
    int[] next = new int[Integer.SIZE];
    for (int height = Integer.SIZE - 2; height >= 0; height--) {
      next[height] = next[height + 1] + counts[height + 1];
    }
    int[] order = new int[rows.count()];
    for (int row = 0; row < rows.count(); row++) {
      order[next[height(row)]++] = row;
    }
    return order;
  }

  /** Layers above the lowest one that a row is in; one row in {@code links} is in one more. */
  private int height(int row) {
    long hash = (row + 1) * 0x9E3779B97F4A7C15L; // the mixing steps of SplittableRandom
    hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
    double uniform = ((hash ^ hash >>> 31) >>> 11) * 0x1p-53;
    return (int) (-Math.log(1 - uniform) / Math.log(parameters.links()));
  }
}
