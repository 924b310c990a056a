package dev.likeness.index.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph as one piece of memory, int32 little-endian without gaps: the links of the lowest layer
 * [rows][base degree]; then, if there are upper layers, the rows of the nodes of the lowest of them
 * [size], which begin with the nodes of those above it; then the links of each upper layer, the
 * lowest first, [size][upper degree].
 *
 * @param rowCount 1 or more
 * @param upperSizes nodes of each upper layer, the lowest first, none larger than the one below it
 */
public record GraphLayout(
    int rowCount, int baseDegree, int upperDegree, List<Integer> upperSizes, RecallCurve recall) {

  /** More than any number of rows leads to. */
  public static final int MAX_UPPER = 30;

  private static final int MAX_DEGREE = 256;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public GraphLayout {
    upperSizes = List.copyOf(upperSizes);
    if (rowCount < 1 || !isDegree(baseDegree) || !isDegree(upperDegree)) {
      throw new IllegalArgumentException(
          "%d rows with %d and %d links".formatted(rowCount, baseDegree, upperDegree));
    }
    int below = rowCount;
    for (int size : upperSizes) {
      if (size < 1 || size > below || upperSizes.size() > MAX_UPPER) {
        throw new IllegalArgumentException("layers of the sizes " + upperSizes);
      }
      below = size;
    }
  }

  /** That of a graph. */
  public static GraphLayout of(Graph graph) {
    return new GraphLayout(
        graph.rowCount(),
        graph.base().degree(),
        graph.upper().isEmpty() ? graph.base().degree() : graph.upper().getFirst().degree(),
        graph.upper().stream().map(Layer::size).toList(),
        graph.recall());
  }

  private static boolean isDegree(int degree) {
    return degree >= 1 && degree <= MAX_DEGREE;
  }

  public long sizeBytes() {
    long bytes = Layer.bytes(rowCount, baseDegree);
    if (!upperSizes.isEmpty()) {
      bytes += (long) upperSizes.getFirst() * Integer.BYTES;
    }
    for (int size : upperSizes) {
      bytes += Layer.bytes(size, upperDegree);
    }
    return bytes;
  }

  /** The parts of a graph, in the order in which they lie. */
  public static List<MemorySegment> parts(Graph graph) {
    List<MemorySegment> parts = new ArrayList<>();
    parts.add(graph.base().links());
    if (!graph.upper().isEmpty()) {
      Layer lowest = graph.upper().getFirst();
      byte[] rows = new byte[lowest.size() * Integer.BYTES];
      for (int node = 0; node < lowest.size(); node++) {
        MemorySegment.ofArray(rows).setAtIndex(INT, node, lowest.row(node));
      }
      parts.add(MemorySegment.ofArray(rows));
    }
    graph.upper().forEach(layer -> parts.add(layer.links()));
    return parts;
  }

  /**
   * The graph that lies in {@code memory}. Each of its links is looked at, so that a search cannot
   * leave it.
   *
   * @param memory {@link #sizeBytes} bytes
   * @throws IllegalArgumentException if a link leads to no node
   */
  public Graph graph(MemorySegment memory) {
    long at = Layer.bytes(rowCount, baseDegree);
    Layer base = new Layer(rowCount, baseDegree, new int[0], memory.asSlice(0, at));
    base.requireLinks();
    List<Layer> upper = new ArrayList<>();
    if (!upperSizes.isEmpty()) {
      int[] rows = rows(memory.asSlice(at));
      at += (long) rows.length * Integer.BYTES;
      for (int size : upperSizes) {
        long bytes = Layer.bytes(size, upperDegree);
        Layer layer = new Layer(size, upperDegree, rows, memory.asSlice(at, bytes));
        layer.requireLinks();
        upper.add(layer);
        at += bytes;
      }
    }
    return new Graph(base, upper, recall);
  }

  private int[] rows(MemorySegment memory) {
    int[] rows = new int[upperSizes.getFirst()];
    MemorySegment.copy(memory, INT, 0, rows, 0, rows.length);
    for (int row : rows) {
      if (row < 0 || row >= rowCount) {
        throw new IllegalArgumentException("row %d of %d".formatted(row, rowCount));
      }
    }
    return rows;
  }
}
