package dev.likeness.index.graph;

import dev.likeness.index.kernel.CodedQuery;
import dev.likeness.index.kernel.SequentialScores;
import dev.likeness.index.kernel.VectorKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Measures the recall of a graph that lacks some rows, with these as queries: nobody's links were
 * chosen for them, as nobody's are for the queries to come.
 */
final class Calibration {

  private static final int NARROWEST = 10;

  private static final int WIDEST = 640;

  /** From one width to the next: one in so many is added. */
  private static final int GROWTH = 12;

  /** No wider beam is measured once this is reached. */
  private static final double ENOUGH = 0.999;

  /** Of so many best by their codes the best by their values are the true neighbors. */
  private static final int TRUTH_WIDTH = 4 * RecallCurve.LONG;

  private static final int ROWS_AT_ONCE = 32;

  private final CodedRows rows;
  private final Graph graph;
  private final VectorKernel kernel;
  private final int[] order;
  private final int insertedCount;
  private final BuildThreads threads;
  private final BooleanSupplier stop;

  /**
   * @param order rows, of which the first {@code insertedCount} are in the graph and the others are
   *     the queries
   */
  Calibration(
      CodedRows rows,
      Graph graph,
      VectorKernel kernel,
      int[] order,
      int insertedCount,
      BuildThreads threads,
      BooleanSupplier stop) {
    this.rows = rows;
    this.graph = graph;
    this.kernel = kernel;
    this.order = order;
    this.insertedCount = insertedCount;
    this.threads = threads;
    this.stop = stop;
  }

  RecallCurve run() {
    int queries = order.length - insertedCount;
    int[][] truth = new int[queries][];
    threads.run(queries, (_, q) -> truth[q] = truth(order[insertedCount + q]));
    List<RecallCurve.Point> points = new ArrayList<>();
    for (int w = NARROWEST; w <= WIDEST; w += Math.ceilDiv(w, GROWTH)) {
      int width = w;
      long[][] hits = new long[queries][];
      threads.run(queries, (_, q) -> hits[q] = hits(order[insertedCount + q], truth[q], width));
      long few = 0;
      long many = 0;
      for (long[] hit : hits) {
        few += hit[0];
        many += hit[1];
      }
      double recallAt10 = few / (double) (RecallCurve.SHORT * queries);
      double recallAt100 = many / (double) (RecallCurve.LONG * queries);
      points.add(new RecallCurve.Point(width, recallAt10, recallAt100));
      if (recallAt10 >= ENOUGH && recallAt100 >= ENOUGH) {
        break;
      }
    }
    return new RecallCurve(points);
  }

  /** The nearest inserted rows by their values, best first. */
  private int[] truth(int queryRow) {
    BuildStoppedException.throwIf(stop);
    float[] query = values(queryRow);
    CodedQuery coded = new CodedQuery(rows.stride());
    coded.set(query);
    LayerSearch scan = new LayerSearch(rows, ROWS_AT_ONCE, kernel);
    Beam best = new Beam();
    best.clear(TRUTH_WIDTH);
    int[] part = new int[ROWS_AT_ONCE];
    for (int from = 0; from < insertedCount; from += ROWS_AT_ONCE) {
      int count = Math.min(ROWS_AT_ONCE, insertedCount - from);
      System.arraycopy(order, from, part, 0, count);
      scan.offerRows(coded, part, count, best);
    }
    return best(query, best, best.size(), RecallCurve.LONG);
  }

  /** How many of the 10 and of the 100 nearest are found. */
  private long[] hits(int queryRow, int[] truth, int width) {
    BuildStoppedException.throwIf(stop);
    float[] query = values(queryRow);
    try (GraphSearcher searcher = graph.searcher(rows, kernel)) {
      searcher.search(query, width, RowFilter.ALL);
      Beam found = searcher.beam();
      long few =
          common(
              best(query, found, GraphSearcher.rescored(RecallCurve.SHORT), RecallCurve.SHORT),
              truth,
              RecallCurve.SHORT);
      long many =
          width < RecallCurve.LONG
              ? 0
              : common(
                  best(query, found, GraphSearcher.rescored(RecallCurve.LONG), RecallCurve.LONG),
                  truth,
                  RecallCurve.LONG);
      return new long[] {few, many};
    }
  }

  private static long common(int[] found, int[] truth, int k) {
    Set<Integer> right = new HashSet<>();
    for (int i = 0; i < Math.min(k, truth.length); i++) {
      right.add(truth[i]);
    }
    long common = 0;
    for (int row : found) {
      common += right.contains(row) ? 1 : 0;
    }
    return common;
  }

  /** The best k by their values, best first, among the first {@code count} of a beam. */
  private int[] best(float[] query, Beam beam, int count, int k) {
    Beam ranked = new Beam();
    ranked.clear(k);
    for (int i = 0; i < Math.min(count, beam.size()); i++) {
      int row = beam.node(i);
      float score = SequentialScores.score(query, rows.values(), rows.valueOffset(row));
      if (score > ranked.threshold()) {
        ranked.add(row, score, true);
      }
    }
    int[] best = new int[ranked.size()];
    for (int i = 0; i < best.length; i++) {
      best[i] = ranked.node(i);
    }
    return best;
  }

  private float[] values(int row) {
    float[] values = new float[rows.dimension()];
    MemorySegment.copy(
        rows.values(),
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        rows.valueOffset(row),
        values,
        0,
        values.length);
    return values;
  }
}
