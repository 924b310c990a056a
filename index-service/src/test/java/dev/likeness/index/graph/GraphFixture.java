package dev.likeness.index.graph;

import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.kernel.VectorKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Random;

/** Rows with codes, and the truth about them. */
public final class GraphFixture {

  public static final VectorKernel KERNEL = new SimdKernel();

  private GraphFixture() {}

  /** Unit vectors around some centers. */
  public static float[][] clustered(int count, int dimension, int centers, long seed) {
    Random random = new Random(seed);
    float[][] middle = new float[centers][];
    for (int c = 0; c < centers; c++) {
      middle[c] = gaussian(random, dimension);
    }
    float[][] rows = new float[count][];
    for (int r = 0; r < count; r++) {
      rows[r] = gaussian(random, dimension);
      float[] center = middle[random.nextInt(centers)];
      for (int i = 0; i < dimension; i++) {
        rows[r][i] += center[i];
      }
      unit(rows[r]);
    }
    return rows;
  }

  public static CodedRows coded(float[][] rows, Arena arena) {
    int dimension = rows[0].length;
    int stride = Math.ceilDiv(dimension, 16) * 16;
    MemorySegment codes = arena.allocate((long) rows.length * stride, 64);
    MemorySegment scales = arena.allocate((long) rows.length * Float.BYTES, 64);
    MemorySegment values = arena.allocate((long) rows.length * dimension * Float.BYTES, 64);
    byte[] row = new byte[stride];
    for (int r = 0; r < rows.length; r++) {
      float largest = KERNEL.largest(rows[r]);
      KERNEL.encode(rows[r], 127 / largest, row);
      MemorySegment.copy(row, 0, codes, ValueLayout.JAVA_BYTE, (long) r * stride, stride);
      scales.setAtIndex(ValueLayout.JAVA_FLOAT, r, largest / 127);
      MemorySegment.copy(
          rows[r], 0, values, ValueLayout.JAVA_FLOAT, (long) r * dimension * 4, dimension);
    }
    return new CodedRows(codes, scales, values, rows.length, dimension, stride);
  }

  public static Graph graph(CodedRows rows, int threads, Arena arena) {
    try (BuildThreads build = new BuildThreads(threads)) {
      var parameters = new GraphParameters(8, 40);
      return GraphBuilder.build(rows, parameters, KERNEL, build, arena, () -> false);
    }
  }

  /** The share of the k nearest allowed rows that the graph finds. */
  static double recall(
      Graph graph,
      CodedRows coded,
      float[][] rows,
      float[][] queries,
      int k,
      int width,
      BitSet of) {
    int right = 0;
    int wanted = 0;
    for (float[] query : queries) {
      BitSet truth = nearest(rows, query, k, of);
      wanted += truth.cardinality();
      try (GraphSearcher searcher = graph.searcher(coded, KERNEL)) {
        searcher.search(query, width, of::get);
        BitSet found = new BitSet();
        for (int i = 0; i < searcher.found(); i++) {
          if (searcher.isAllowed(i)) {
            found.set(searcher.foundRow(i));
          }
        }
        truth.and(found);
        right += truth.cardinality();
      }
    }
    return (double) right / wanted;
  }

  private static BitSet nearest(float[][] rows, float[] query, int k, BitSet of) {
    Beam best = new Beam();
    best.clear(k);
    for (int r = of.nextSetBit(0); r >= 0; r = of.nextSetBit(r + 1)) {
      float score = 0;
      for (int i = 0; i < query.length; i++) {
        score += query[i] * rows[r][i];
      }
      if (score > best.threshold()) {
        best.add(r, score, true);
      }
    }
    BitSet nearest = new BitSet();
    for (int i = 0; i < best.size(); i++) {
      nearest.set(best.node(i));
    }
    return nearest;
  }

  private static float[] gaussian(Random random, int dimension) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void unit(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= (float) Math.sqrt(squares);
    }
  }
}
