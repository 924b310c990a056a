package dev.likeness.index.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The links between the nodes of one layer: int32 [size][degree], little-endian, behind the last
 * link of a node {@value #NONE}. Nodes of the lowest layer are rows; those of a higher one are
 * numbered, and {@code rows} names the row of each.
 */
final class Layer {

  static final int NONE = -1;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int size;
  private final int degree;
  private final int[] rows;
  private final MemorySegment links;

  /**
   * @param rows of the nodes; empty where a node is a row
   */
  Layer(int size, int degree, int[] rows, MemorySegment links) {
    this.size = size;
    this.degree = degree;
    this.rows = rows;
    this.links = links;
  }

  static long bytes(int size, int degree) {
    return (long) size * degree * Integer.BYTES;
  }

  int size() {
    return size;
  }

  int degree() {
    return degree;
  }

  MemorySegment links() {
    return links;
  }

  int row(int node) {
    return rows.length == 0 ? node : rows[node];
  }

  /** The rows of some nodes: the nodes themselves or {@code scratch}, filled. */
  int[] rows(int[] nodes, int count, int[] scratch) {
    if (rows.length == 0) {
      return nodes;
    }
    for (int i = 0; i < count; i++) {
      scratch[i] = rows[nodes[i]];
    }
    return scratch;
  }

  /**
   * Reads the links of a node.
   *
   * @param into receives [degree]
   * @return how many there are
   */
  int read(int node, int[] into) {
    MemorySegment.copy(links, INT, offset(node), into, 0, degree);
    int count = degree;
    while (count > 0 && into[count - 1] == NONE) {
      count--;
    }
    return count;
  }

  void write(int node, int[] from, int count) {
    MemorySegment.copy(from, 0, links, INT, offset(node), count);
    for (int i = count; i < degree; i++) {
      links.set(INT, offset(node) + (long) i * Integer.BYTES, NONE);
    }
  }

  /**
   * @throws IllegalArgumentException if a link leads to no node
   */
  void requireLinks() {
    int[] of = new int[degree];
    for (int node = 0; node < size; node++) {
      int count = read(node, of);
      for (int i = 0; i < count; i++) {
        if (of[i] < 0 || of[i] >= size) {
          throw new IllegalArgumentException("link to node %d of %d".formatted(of[i], size));
        }
      }
    }
  }

  private long offset(int node) {
    return (long) node * degree * Integer.BYTES;
  }
}
