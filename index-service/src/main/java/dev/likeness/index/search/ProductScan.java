package dev.likeness.index.search;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.VectorKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The exact answers to many queries: codes of rows are multiplied with codes of queries in
 * integers, several times as many per second as values, and only rows whose bound leaves them a
 * place among the k best are scored by their values.
 *
 * <p>Why nothing is lost is told by {@link CodeScan}; here both sides are rounded, see {@link
 * CodedQueries}. Threads tell each other the floors they found: k rows of one thread with lower
 * bounds of at least the floor are enough for all.
 *
 * @see <a href="../../../../../../../docs/adr/0021-integer-products-for-batches.md">ADR 0021</a>
 */
final class ProductScan {

  /** Rows and their sums together stay in a second-level cache of 2 MiB. */
  private static final int BLOCK_BYTES = 384 << 10;

  private static final int MAX_BLOCK_ROWS = 768;

  private final RowSnapshot rows;
  private final AllowedRows allowed;
  private final SearchRequest request;
  private final QueryBatch queries;
  private final CodedQueries coded;
  private final VectorKernel kernel;
  private final CodeProduct product;
  private final ScanPolicy policy;
  private final int blockRows;

  /** Per query, by any thread: a race may put back a lower one, which is as true. */
  private final float[] floors;

  private final Queue<Answers> parts = new ConcurrentLinkedQueue<>();
  private final AtomicLong visited = new AtomicLong();
  private volatile boolean tooMany;

  /** What one thread found. */
  private record Answers(TopK[] best, int[] rescored) {}

  private ProductScan(
      RowSnapshot rows,
      AllowedRows allowed,
      SearchRequest request,
      QueryBatch queries,
      CodedQueries coded,
      VectorKernel kernel,
      CodeProduct product,
      ScanPolicy policy) {
    this.rows = rows;
    this.allowed = allowed;
    this.request = request;
    this.queries = queries;
    this.coded = coded;
    this.kernel = kernel;
    this.product = product;
    this.policy = policy;
    int fitting = BLOCK_BYTES / coded.stride() / CodeProduct.ROW_STEP * CodeProduct.ROW_STEP;
    blockRows = Math.clamp(fitting, CodeProduct.ROW_STEP, MAX_BLOCK_ROWS);
    floors = new float[queries.count()];
    Arrays.fill(floors, Float.NEGATIVE_INFINITY);
  }

  /** Empty if codes cannot tell the rows apart, so that reading all values is quicker. */
  static Optional<List<NeighborList>> run(
      RowSnapshot rows,
      AllowedRows allowed,
      SearchRequest request,
      QueryBatch queries,
      VectorKernel kernel,
      CodeProduct product,
      ScanPolicy policy,
      SearchPool pool) {
    Optional<CodedQueries> coded = CodedQueries.of(queries, kernel, product);
    if (coded.isEmpty()) {
      return Optional.empty();
    }
    try (CodedQueries owned = coded.get()) {
      return new ProductScan(rows, allowed, request, queries, owned, kernel, product, policy)
          .run(pool);
    }
  }

  private Optional<List<NeighborList>> run(SearchPool pool) {
    long work = (long) rows.rowCount() * coded.stride() * queries.count() / 4;
    SpanRunner.run(rows, allowed, pool, work, request.abandoned(), Worker::new);
    if (tooMany) {
      return Optional.empty();
    }
    List<NeighborList> answers = new ArrayList<>(queries.count());
    for (int q = 0; q < queries.count(); q++) {
      TopK all = new TopK(rows, request.k());
      long rescored = 0;
      for (Answers part : parts) {
        all.offerAll(part.best()[q]);
        rescored += part.rescored()[q];
      }
      answers.add(new NeighborList(all.removeBestFirst(), visited.get(), rescored));
    }
    return Optional.of(answers);
  }

  private final class Worker implements SpanRunner.Worker {
    private final CodeCandidates[] candidates = new CodeCandidates[queries.count()];
    private final float[] thresholds = new float[coded.lanes()];
    private final int[] reached = new int[coded.lanes()];
    private final CodeProduct.Workspace workspace =
        product.workspace(blockRows, coded.stride(), coded.lanes());
    private int chunk;
    private long scanned;

    Worker() {
      for (int q = 0; q < candidates.length; q++) {
        candidates[q] = new CodeCandidates(request.k());
      }
    }

    @Override
    public void scan(SpanRunner.Span span) {
      if (tooMany) {
        return;
      }
      @Nullable RowCodes codes = rows.chunk(span.chunk()).codes();
      if (codes == null) {
        throw new IllegalStateException("rows without codes");
      }
      chunk = span.chunk();
      for (int row = span.firstRow(); row < span.endRow(); row += blockRows) {
        int count = Math.min(blockRows, span.endRow() - row);
        int start = rows.start(span.chunk()) + row;
        if (allowed.anyOf(start, count)) {
          scan(codes, row, count, start);
        }
      }
      scanned += span.endRow() - span.firstRow();
      giveUpIfTooMany();
    }

    private void scan(RowCodes codes, int firstRow, int count, int firstOrdinal) {
      visited.addAndGet(count);
      codes.copyWithoutSign(firstRow, count, workspace.rows());
      float error = 0;
      float norm = 0;
      for (int row = firstRow; row < firstRow + count; row++) {
        error = Math.max(error, codes.error(row));
        norm = Math.max(norm, codes.norm(row));
      }
      int padded = Math.ceilDiv(count, CodeProduct.ROW_STEP) * CodeProduct.ROW_STEP;
      for (int panel = 0; panel < coded.panels().size(); panel++) {
        workspace.multiply(coded.panels().get(panel), padded);
        expect(panel, error, norm);
        for (int row = 0; row < count; row++) {
          offer(panel, codes, firstRow, row, firstOrdinal);
        }
      }
    }

    private void expect(int panel, float error, float norm) {
      Arrays.fill(thresholds, Float.POSITIVE_INFINITY);
      int first = coded.first(panel);
      for (int lane = 0; lane < coded.count(panel); lane++) {
        thresholds[lane] = coded.threshold(first + lane, floors[first + lane], error, norm);
      }
    }

    private void offer(int panel, RowCodes codes, int firstRow, int row, int firstOrdinal) {
      MemorySegment sums = workspace.sums();
      long offset = (long) row * coded.lanes() * Integer.BYTES;
      float scale = codes.scale(firstRow + row);
      int count = kernel.reached(sums, offset, coded.lanes(), scale, thresholds, reached);
      for (int i = 0; i < count; i++) {
        int sum = sums.get(ValueLayout.JAVA_INT, offset + (long) reached[i] * Integer.BYTES);
        int q = coded.first(panel) + reached[i];
        offer(q, firstOrdinal + row, sum * coded.scale(q) * scale, codes, firstRow + row);
      }
    }

    private void offer(int q, int ordinal, double score, RowCodes codes, int row) {
      double error = coded.error(q, codes.error(row), codes.norm(row));
      float upper = Math.nextUp((float) (score + error));
      if (upper >= floors[q]
          && ordinal != queries.excluded(q)
          && allowed.contains(chunk, ordinal)) {
        candidates[q].add(ordinal, Math.nextDown((float) (score - error)), upper);
        floors[q] = Math.max(floors[q], candidates[q].floor());
      }
    }

    private void giveUpIfTooMany() {
      long most = policy.mostProductCandidates(request.k(), scanned, candidates.length);
      if (count() > most) {
        for (int q = 0; q < candidates.length; q++) {
          candidates[q].prune(floors[q]);
        }
        tooMany |= count() > most;
      }
    }

    private long count() {
      long count = 0;
      for (CodeCandidates list : candidates) {
        count += list.count();
      }
      return count;
    }

    /** By values, each thread its own candidates; the floors are those of all by now, or nearly. */
    @Override
    public void finish() {
      if (tooMany) {
        return;
      }
      TopK[] best = new TopK[candidates.length];
      int[] rescored = new int[candidates.length];
      for (int q = 0; q < best.length; q++) {
        best[q] = new TopK(rows, request.k());
        candidates[q].prune(floors[q]);
        Rescoring rescoring = new Rescoring(rows, queries.copyOf(q), best[q]);
        rescoring.addBestOf(candidates[q]);
        rescored[q] = rescoring.finish();
        floors[q] = Math.max(floors[q], best[q].threshold());
      }
      parts.add(new Answers(best, rescored));
    }

    @Override
    public void close() {
      workspace.close();
    }
  }
}
