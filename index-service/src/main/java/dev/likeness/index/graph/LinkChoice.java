package dev.likeness.index.graph;

import dev.likeness.index.kernel.CodedBlock;
import dev.likeness.index.kernel.CodedQuery;
import dev.likeness.index.kernel.VectorKernel;

/**
 * Chooses the links of a node among candidates so that they lead in different directions: algorithm
 * 4 of Malkov and Yashunin. A candidate that is nearer to one chosen before than to the node itself
 * is left out, since the way to it leads over that one. Owned by one thread.
 */
final class LinkChoice {

  private final CodedRows rows;
  private final VectorKernel kernel;
  private final CodedQuery candidate;
  private final CodedBlock block;
  private final float[] scales;
  private final int[] sums;
  private final int[] chosen;
  private int count;

  LinkChoice(CodedRows rows, int degree, VectorKernel kernel) {
    this.rows = rows;
    this.kernel = kernel;
    candidate = new CodedQuery(rows.stride());
    block = new CodedBlock(rows.stride(), degree);
    scales = new float[degree];
    sums = new int[degree];
    chosen = new int[degree];
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  /** The nodes chosen so far, {@link #count} of them. */
  int[] chosen() {
    return chosen;
  }

  /**
   * Takes a candidate unless it is superfluous; candidates come best first.
   *
   * @param score of candidate and node, by codes
   * @return false if there is no room for more
   */
  boolean offer(Layer layer, int node, float score) {
    if (count == chosen.length) {
      return false;
    }
    int row = layer.row(node);
    candidate.set(rows.codes(), rows.offset(row));
    kernel.scoreCodes(candidate, block, count, sums);
    float factor = candidate.scale() * rows.scale(row);
    for (int i = 0; i < count; i++) {
      if (factor * sums[i] * scales[i] >= score) {
        return true;
      }
    }
    block.set(count, rows.codes(), row);
    scales[count] = rows.scale(row);
    chosen[count++] = node;
    return true;
  }
}
