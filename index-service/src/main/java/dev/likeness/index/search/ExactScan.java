package dev.likeness.index.search;

import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.kernel.VectorKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One search over one snapshot. The rows are cut into spans; threads take spans from a shared
 * counter and keep heaps of their own, which are merged at the end. Within a span each block of
 * rows meets all queries, a few at a time, so that neither a matrix of scores nor a second pass
 * exists. Which thread scores a row changes neither its score nor its rank.
 */
final class ExactScan {

  /** Blocks per span: 2,048 rows, large enough that taking one costs nothing. */
  private static final int SPAN_BLOCKS = 32;

  /**
   * Queries scored per kernel call: their scores, 32 · 64 floats, stay in the first-level cache.
   */
  private static final int QUERY_GROUP = 32;

  /** Below this many multiply-adds a second thread costs more than it brings. */
  private static final long WORK_PER_THREAD = 2_000_000;

  private record Span(int chunk, int firstBlock, int endBlock) {}

  private final RowSnapshot rows;
  private final AllowedRows allowed;
  private final SearchRequest request;
  private final QueryBatch queries;
  private final VectorKernel kernel;
  private final List<Span> spans;
  private final AtomicInteger nextSpan = new AtomicInteger();
  private final CountDownLatch unfinished;
  private final Queue<TopK[]> heaps = new ConcurrentLinkedQueue<>();
  private final AtomicLong visited = new AtomicLong();
  private volatile @Nullable Throwable failure;

  ExactScan(
      RowSnapshot rows,
      AllowedRows allowed,
      SearchRequest request,
      QueryBatch queries,
      VectorKernel kernel) {
    this.rows = rows;
    this.allowed = allowed;
    this.request = request;
    this.queries = queries;
    this.kernel = kernel;
    spans = spans(rows);
    unfinished = new CountDownLatch(spans.size());
  }

  SearchResult run(SearchPool pool) {
    if (!spans.isEmpty()) {
      long work = (long) rows.rowCount() * queries.dimension() * queries.count();
      int threads = (int) Math.min(spans.size(), 1 + work / WORK_PER_THREAD);
      pool.start(threads, this::takeSpans);
      awaitSpans();
    }
    return new SearchResult(merged(), allowed.count());
  }

  private static List<Span> spans(RowSnapshot rows) {
    List<Span> spans = new ArrayList<>();
    for (int chunk = 0; chunk < rows.chunkCount(); chunk++) {
      int blocks = Math.ceilDiv(rows.rowsIn(chunk), VectorKernel.BLOCK_ROWS);
      for (int block = 0; block < blocks; block += SPAN_BLOCKS) {
        spans.add(new Span(chunk, block, Math.min(blocks, block + SPAN_BLOCKS)));
      }
    }
    return spans;
  }

  private void takeSpans() {
    TopK[] mine = null;
    float[] scores = new float[QUERY_GROUP * VectorKernel.BLOCK_ROWS];
    for (int s = nextSpan.getAndIncrement(); s < spans.size(); s = nextSpan.getAndIncrement()) {
      try {
        if (mine == null) {
          mine = newHeaps();
          heaps.add(mine);
        }
        if (failure == null) {
          scan(spans.get(s), mine, scores);
        }
      } catch (Throwable e) {
        failure = e;
      } finally {
        unfinished.countDown();
      }
    }
  }

  private TopK[] newHeaps() {
    TopK[] fresh = new TopK[queries.count()];
    for (int q = 0; q < fresh.length; q++) {
      fresh[q] = new TopK(rows, request.k());
    }
    return fresh;
  }

  private void scan(Span span, TopK[] best, float[] scores) {
    RowChunk chunk = rows.chunk(span.chunk());
    int rowsInChunk = rows.rowsIn(span.chunk());
    for (int block = span.firstBlock(); block < span.endBlock(); block++) {
      if (request.abandoned().getAsBoolean()) {
        throw new SearchAbandonedException(visited.get());
      }
      int firstRow = block * VectorKernel.BLOCK_ROWS;
      int rowCount = Math.min(VectorKernel.BLOCK_ROWS, rowsInChunk - firstRow);
      if (!allowed.anyOf(rows.start(span.chunk()) + firstRow, rowCount)) {
        continue;
      }
      for (int q = 0; q < best.length; q += QUERY_GROUP) {
        int group = Math.min(QUERY_GROUP, best.length - q);
        kernel.scoreBlock(
            chunk.rows(),
            chunk.blockOffset(block),
            queries.dimension(),
            queries.values(),
            q,
            group,
            scores);
        for (int g = 0; g < group; g++) {
          offer(best[q + g], q + g, rows.start(span.chunk()) + firstRow, rowCount, scores, g);
        }
      }
      visited.addAndGet((long) rowCount * best.length);
    }
  }

  private void offer(
      TopK best, int query, int firstOrdinal, int rowCount, float[] scores, int group) {
    int excluded = queries.excluded(query);
    float threshold = best.threshold();
    for (int r = 0; r < rowCount; r++) {
      float score = scores[group * VectorKernel.BLOCK_ROWS + r];
      if (score >= threshold
          && firstOrdinal + r != excluded
          && allowed.contains(firstOrdinal + r)) {
        best.offer(firstOrdinal + r, score);
        threshold = best.threshold();
      }
    }
  }

  private void awaitSpans() {
    boolean interrupted = false;
    while (true) {
      try {
        unfinished.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // the memory of the snapshot must outlive the scan
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private List<NeighborList> merged() {
    List<NeighborList> answers = new ArrayList<>(queries.count());
    for (int q = 0; q < queries.count(); q++) {
      TopK all = new TopK(rows, request.k());
      for (TopK[] part : heaps) {
        all.offerAll(part[q]);
      }
      answers.add(new NeighborList(bestFirst(all), visited.get() / queries.count()));
    }
    return answers;
  }

  private List<Neighbor> bestFirst(TopK best) {
    Neighbor[] ordered = new Neighbor[best.size()];
    for (int at = ordered.length - 1; at >= 0; at--) {
      float score = best.worstScore();
      int ordinal = best.removeWorst();
      int chunk = rows.chunkOf(ordinal);
      int row = ordinal - rows.start(chunk);
      ordered[at] = new Neighbor(rows.chunk(chunk).id(row), score, rows.chunk(chunk).payload(row));
    }
    return List.of(ordered);
  }
}
