package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The exact answer to one query by reading a quarter of the memory: all rows are scored by their
 * {@link RowCodes}, whose error is bounded, and only rows that may still be among the k best are
 * scored by their values.
 *
 * <p>Why nothing is lost: at the end k rows have true scores of at least the floor L, the k-th
 * highest lower bound. A row that was left out has an upper bound, and so a true score, below L.
 * Both bounds hold for the scores as they are computed in float32, so that even ties are decided as
 * by {@link FloatScan}.
 *
 * @see <a href="../../../../../../../docs/adr/0015-exact-search.md">ADR 0015</a>
 */
final class CodeScan {

  /** Rows scored per kernel call. */
  private static final int GROUP = 4;

  /** Rows that a filter can pass over at once; a multiple of {@link #GROUP}. */
  private static final int BLOCK = 64;

  private final RowSnapshot rows;
  private final AllowedRows allowed;
  private final SearchRequest request;
  private final VectorKernel kernel;
  private final ScanPolicy policy;
  private final float[] query;
  private final float[] padded;
  private final float norm;
  private final int excluded;
  private final Queue<CodeCandidates> parts = new ConcurrentLinkedQueue<>();
  private final AtomicLong visited = new AtomicLong();
  private volatile boolean tooMany;

  CodeScan(
      RowSnapshot rows,
      AllowedRows allowed,
      SearchRequest request,
      QueryBatch queries,
      int q,
      VectorKernel kernel,
      ScanPolicy policy) {
    this.rows = rows;
    this.allowed = allowed;
    this.request = request;
    this.kernel = kernel;
    this.policy = policy;
    query = queries.copyOf(q);
    padded = Arrays.copyOf(query, RowCodes.stride(query.length));
    excluded = queries.excluded(q);
    norm = normAtLeast(query);
  }

  /** Empty if so many rows may be among the best that reading all values is quicker. */
  Optional<NeighborList> run(SearchPool pool) {
    long work = (long) rows.rowCount() * query.length;
    SpanRunner.run(rows, allowed, pool, work, request.abandoned(), this::newWorker);
    if (tooMany) {
      return Optional.empty();
    }
    CodeCandidates all = new CodeCandidates(request.k());
    parts.forEach(all::addAll);
    all.prune();
    TopK best = new TopK(rows, request.k());
    Rescoring rescoring = new Rescoring(rows, query, best);
    rescoring.addBestOf(all);
    int rescored = rescoring.finish();
    return Optional.of(new NeighborList(best.removeBestFirst(), visited.get(), rescored));
  }

  /** Not below the true norm. */
  private static float normAtLeast(float[] query) {
    double squares = 0;
    for (float value : query) {
      squares += (double) value * value;
    }
    return Math.nextUp((float) (Math.sqrt(squares) * (1 + 1e-9)));
  }

  private SpanRunner.Worker newWorker() {
    CodeCandidates mine = new CodeCandidates(request.k());
    parts.add(mine);
    return new Worker(mine);
  }

  private final class Worker implements SpanRunner.Worker {
    private final CodeCandidates candidates;
    private final float[] sums = new float[GROUP];
    private long scanned;

    Worker(CodeCandidates candidates) {
      this.candidates = candidates;
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
      for (int row = span.firstRow(); row < span.endRow(); row += BLOCK) {
        int end = Math.min(span.endRow(), row + BLOCK);
        if (allowed.anyOf(rows.start(span.chunk()) + row, end - row)) {
          scan(span.chunk(), codes, row, end);
        }
      }
      scanned += span.endRow() - span.firstRow();
      candidates.prune();
      if (candidates.count() > policy.mostCandidates(request.k(), scanned)) {
        tooMany = true;
      }
    }

    private void scan(int chunk, RowCodes codes, int firstRow, int endRow) {
      visited.addAndGet(endRow - firstRow);
      for (int row = firstRow; row < endRow; row += GROUP) {
        int last = Math.min(GROUP, endRow - row) - 1;
        kernel.scoreCodes(
            padded,
            codes.codes(),
            codes.offset(row),
            codes.offset(row + Math.min(1, last)),
            codes.offset(row + Math.min(2, last)),
            codes.offset(row + last),
            padded.length,
            sums,
            0);
        for (int i = 0; i <= last; i++) {
          offer(chunk, row + i, codes, sums[i]);
        }
      }
    }

    private void offer(int chunk, int row, RowCodes codes, float sum) {
      float score = codes.scale(row) * sum;
      float error = norm * codes.error(row) + RowCodes.UNDERFLOW;
      if (score + error >= candidates.floor()) {
        int ordinal = rows.start(chunk) + row;
        if (ordinal != excluded && allowed.contains(ordinal)) {
          candidates.add(ordinal, score - error, score + error);
        }
      }
    }
  }
}
