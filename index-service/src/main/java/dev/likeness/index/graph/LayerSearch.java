package dev.likeness.index.graph;

import dev.likeness.index.kernel.CodedBlock;
import dev.likeness.index.kernel.CodedQuery;
import dev.likeness.index.kernel.VectorKernel;
import java.util.Arrays;

/**
 * Looks for the nodes nearest to a query by following links: algorithms 2 and 5 of Malkov and
 * Yashunin, "Efficient and robust approximate nearest neighbor search using hierarchical navigable
 * small world graphs" (2018). Reusable scratch space, owned by one thread; nothing is allocated on
 * the way.
 */
final class LayerSearch {

  /** Rows scored at a time: they stay in the first-level cache. */
  private static final int BLOCK = 16;

  /** Nodes expanded together: the memory of the second is fetched while the first is computed. */
  private static final int EXPANDED = 2;

  private final CodedRows rows;
  private final VectorKernel kernel;
  private final CodedBlock block;
  private final Beam beam = new Beam();
  private final byte[] marks; // a node was seen if its mark is that of the present search
  private final int[] neighbors;
  private final int[] fresh;
  private final int[] freshRows;
  private final int[] sums = new int[BLOCK];
  private final float[] scores;
  private byte mark;
  private long visitedCount;

  LayerSearch(CodedRows rows, int degree, VectorKernel kernel) {
    this.rows = rows;
    this.kernel = kernel;
    block = new CodedBlock(rows.stride(), BLOCK);
    marks = new byte[rows.count()];
    neighbors = new int[degree];
    fresh = new int[EXPANDED * degree + 1];
    freshRows = new int[EXPANDED * degree + 1];
    scores = new float[EXPANDED * degree + 1];
  }

  /** What the last search found, best first; scores lack the factor of the query's scale. */
  Beam beam() {
    return beam;
  }

  /** Rows compared since this was made. */
  long visitedCount() {
    return visitedCount;
  }

  /** The node that no neighbor is nearer than, on the way from {@code start}. */
  int descend(Layer layer, CodedQuery query, int start) {
    int best = start;
    fresh[0] = start;
    score(layer, query, 1);
    float bestScore = scores[0];
    for (boolean moved = true; moved; ) {
      moved = false;
      int count = layer.read(best, fresh);
      score(layer, query, count);
      for (int i = 0; i < count; i++) {
        if (scores[i] > bestScore) {
          bestScore = scores[i];
          best = fresh[i];
          moved = true;
        }
      }
    }
    return best;
  }

  /**
   * Fills the beam.
   *
   * @param width how many allowed nodes are wanted
   */
  void search(Layer layer, CodedQuery query, int start, int width, RowFilter filter) {
    beam.clear(width);
    nextMark();
    marks[start] = mark;
    fresh[0] = start;
    offer(layer, query, 1, filter);
    for (int node = beam.next(); node >= 0; node = beam.next()) {
      int unseen = collect(layer, node, 0);
      for (int more = 1; more < EXPANDED && (node = beam.next()) >= 0; more++) {
        unseen = collect(layer, node, unseen);
      }
      offer(layer, query, unseen, filter);
    }
  }

  /** Adds the neighbors of a node that were not seen yet to the fresh ones. */
  private int collect(Layer layer, int node, int freshCount) {
    int count = layer.read(node, neighbors);
    int unseen = freshCount;
    for (int i = 0; i < count; i++) {
      int neighbor = neighbors[i];
      fresh[unseen] = neighbor;
      unseen += marks[neighbor] == mark ? 0 : 1;
      marks[neighbor] = mark;
    }
    return unseen;
  }

  /** Fills {@code ranked} with all of some nodes. */
  void rank(Layer layer, CodedQuery query, int[] nodes, int count, Beam ranked) {
    ranked.clear(count);
    for (int from = 0; from < count; from += fresh.length) {
      int part = Math.min(fresh.length, count - from);
      System.arraycopy(nodes, from, fresh, 0, part);
      score(layer, query, part);
      for (int i = 0; i < part; i++) {
        ranked.add(fresh[i], scores[i], true);
      }
    }
  }

  /** Adds rows to {@code best} where they are good enough. */
  void offerRows(CodedQuery query, int[] some, int count, Beam best) {
    score(some, query, count);
    for (int i = 0; i < count; i++) {
      if (scores[i] > best.threshold()) {
        best.add(some[i], scores[i], true);
      }
    }
  }

  private void offer(Layer layer, CodedQuery query, int count, RowFilter filter) {
    int[] scored = score(layer, query, count);
    for (int i = 0; i < count; i++) {
      if (scores[i] > beam.threshold()) {
        beam.add(fresh[i], scores[i], filter.allows(scored[i]));
      }
    }
  }

  private int[] score(Layer layer, CodedQuery query, int count) {
    int[] scored = layer.rows(fresh, count, freshRows);
    score(scored, query, count);
    return scored;
  }

  private void score(int[] scored, CodedQuery query, int count) {
    for (int from = 0; from < count; from += BLOCK) {
      int part = Math.min(BLOCK, count - from);
      for (int i = 0; i < part; i++) {
        block.set(i, rows.codes(), scored[from + i]);
      }
      kernel.scoreCodes(query, block, part, sums);
      for (int i = 0; i < part; i++) {
        scores[from + i] = sums[i] * rows.scale(scored[from + i]);
      }
    }
    visitedCount += count;
  }

  private void nextMark() {
    if (++mark == 0) {
      Arrays.fill(marks, (byte) 0);
      mark = 1;
    }
  }
}
