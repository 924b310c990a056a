package dev.likeness.index.search;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.VectorKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Queries rounded to codes as rows are ({@link RowCodes}), in panels that rows of codes are
 * multiplied with.
 *
 * <p>A query q has codes that stand for q̂ = {@link #scale} · codes. For a row x with codes for x̂,
 * by Cauchy–Schwarz,
 *
 * <pre>|q·x − q̂·x̂| ≤ |q·(x − x̂)| + |(q − q̂)·x̂| ≤ ‖q‖ · ‖x − x̂‖ + ‖q − q̂‖ · ‖x̂‖</pre>
 *
 * and q̂·x̂ is a sum of integers, which is exact, times both scales.
 */
final class CodedQueries implements AutoCloseable {

  /** Queries of smaller values would overflow the factor. */
  private static final float MIN_MAGNITUDE = 1e-30f;

  private static final int LEVELS = 127;

  /** More than double precision loses in sums of 4096 squares. */
  private static final double SUM_SLACK = 1 + 1e-9;

  /** More than converting a sum to float32 and scaling it loses: two operations. */
  private static final double FILTER_SLACK = 0x1p-22;

  private static final int MAX_LANES = 256;

  private final int stride;
  private final int lanes;
  private final int perPanel;
  private final double[] scales;
  private final double[] norms;
  private final double[] residuals;
  private final List<CodeProduct.Panel> panels = new ArrayList<>();

  private CodedQueries(int count, int stride) {
    this.stride = stride;
    perPanel = Math.ceilDiv(count, Math.ceilDiv(count, MAX_LANES));
    lanes = Math.ceilDiv(perPanel, CodeProduct.LANE_STEP) * CodeProduct.LANE_STEP;
    scales = new double[count];
    norms = new double[count];
    residuals = new double[count];
  }

  /** Empty if a query is too small for codes. */
  static Optional<CodedQueries> of(QueryBatch queries, VectorKernel kernel, CodeProduct product) {
    CodedQueries coded = new CodedQueries(queries.count(), RowCodes.stride(queries.dimension()));
    byte[] row = new byte[coded.stride];
    for (int first = 0; first < queries.count(); first += coded.perPanel) {
      byte[] panel = new byte[coded.stride * coded.lanes];
      for (int q = first; q < Math.min(queries.count(), first + coded.perPanel); q++) {
        float[] query = queries.copyOf(q);
        float largest = kernel.largest(query);
        if (largest < MIN_MAGNITUDE) {
          coded.close();
          return Optional.empty();
        }
        kernel.encode(query, LEVELS / largest, row);
        coded.measure(q, query, row, largest / (double) LEVELS);
        for (int i = 0; i < row.length; i++) {
          panel[i * coded.lanes + q - first] = row[i];
        }
      }
      coded.panels.add(product.panel(offHeap(panel), coded.stride, coded.lanes));
    }
    return Optional.of(coded);
  }

  private static MemorySegment offHeap(byte[] codes) {
    MemorySegment memory = Arena.ofAuto().allocate(codes.length, Long.BYTES);
    MemorySegment.copy(codes, 0, memory, ValueLayout.JAVA_BYTE, 0, codes.length);
    return memory;
  }

  private void measure(int q, float[] query, byte[] codes, double scale) {
    double squares = 0;
    double lost = 0;
    for (int i = 0; i < query.length; i++) {
      double left = query[i] - scale * codes[i];
      squares += (double) query[i] * query[i];
      lost += left * left;
    }
    scales[q] = scale;
    norms[q] = Math.sqrt(squares) * SUM_SLACK;
    residuals[q] = Math.sqrt(lost) * SUM_SLACK;
  }

  int stride() {
    return stride;
  }

  /** Places for queries in a panel; those behind the last query are zero. */
  int lanes() {
    return lanes;
  }

  List<CodeProduct.Panel> panels() {
    return panels;
  }

  /** The query in the first lane of a panel. */
  int first(int panel) {
    return panel * perPanel;
  }

  /** How many queries a panel has. */
  int count(int panel) {
    return Math.min(perPanel, scales.length - first(panel));
  }

  /** What one step of the codes stands for. */
  double scale(int q) {
    return scales[q];
  }

  /**
   * How far the score of the codes may be from that of the values, as the kernel computes it.
   *
   * @param rowError of {@link RowCodes#error}
   * @param rowNorm of {@link RowCodes#norm}
   */
  double error(int q, double rowError, double rowNorm) {
    return norms[q] * rowError + residuals[q] * rowNorm + RowCodes.UNDERFLOW;
  }

  /**
   * A row whose scaled sum of products is below this has a score below {@code floor}.
   *
   * @param rowError the largest of some rows
   * @param rowNorm the largest of these rows
   */
  float threshold(int q, float floor, double rowError, double rowNorm) {
    double slack = FILTER_SLACK * (norms[q] + residuals[q]) * rowNorm;
    return Math.nextDown((float) ((floor - error(q, rowError, rowNorm) - slack) / scales[q]));
  }

  @Override
  public void close() {
    panels.forEach(CodeProduct.Panel::close);
  }
}
