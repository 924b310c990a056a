package dev.likeness.index.search;

import dev.likeness.index.kernel.Hits;
import dev.likeness.index.kernel.QueryPanel;
import dev.likeness.index.kernel.RowTile;
import dev.likeness.index.kernel.VectorKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compares every query with every row. A block of rows is staged on the heap and meets all panels
 * of queries while it is in the cache; the kernel answers only scores that can still enter a list,
 * so that there is no matrix of scores and no second pass. Which thread scores a row changes
 * neither its score nor its rank.
 */
final class FloatScan {

  /** Bytes of a staged block: with a panel beside it, half of a second-level cache of 1 MiB. */
  private static final int TILE_BYTES = 384 << 10;

  private final RowSnapshot rows;
  private final AllowedRows allowed;
  private final SearchRequest request;
  private final QueryBatch queries;
  private final VectorKernel kernel;
  private final List<QueryPanel> panels = new ArrayList<>();
  private final Queue<TopK[]> heaps = new ConcurrentLinkedQueue<>();
  private final AtomicLong visited = new AtomicLong();
  private final int blockRows;
  private final boolean picksRows;

  FloatScan(
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
    int dimension = queries.dimension();
    int fitting =
        TILE_BYTES
            / Float.BYTES
            / Math.max(1, dimension)
            / VectorKernel.TILE_STEP
            * VectorKernel.TILE_STEP;
    blockRows = Math.clamp(fitting, VectorKernel.TILE_STEP, VectorKernel.BLOCK_ROWS);
    picksRows = ScanPolicy.picksRows(allowed.count(), rows.rowCount());
    pack();
  }

  /** One answer per query. */
  List<NeighborList> run(SearchPool pool) {
    long work = (long) rows.rowCount() * queries.dimension() * queries.count();
    SpanRunner.run(rows, allowed, pool, work, request.abandoned(), this::newWorker);
    List<NeighborList> answers = new ArrayList<>(queries.count());
    for (int q = 0; q < queries.count(); q++) {
      TopK all = new TopK(rows, request.k());
      for (TopK[] part : heaps) {
        all.offerAll(part[q]);
      }
      answers.add(new NeighborList(all.removeBestFirst(), visited.get()));
    }
    return answers;
  }

  private void pack() {
    int q = 0;
    while (q < queries.count()) {
      int left = queries.count() - q;
      int width = left <= kernel.narrowWidth() ? kernel.narrowWidth() : kernel.wideWidth();
      int count = Math.min(left, width);
      panels.add(new QueryPanel(queries.values(), q, count, width, queries.dimension()));
      q += count;
    }
  }

  private SpanRunner.Worker newWorker() {
    TopK[] best = new TopK[queries.count()];
    for (int q = 0; q < best.length; q++) {
      best[q] = new TopK(rows, request.k());
    }
    heaps.add(best);
    return new Worker(best);
  }

  private final class Worker implements SpanRunner.Worker {
    private final TopK[] best;
    private final Hits hits = new Hits(kernel.wideWidth());
    private final RowTile tile;
    private final int[] ordinals = new int[blockRows]; // of the rows in the tile

    Worker(TopK[] best) {
      this.best = best;
      boolean wide = panels.getFirst().width() == kernel.wideWidth();
      boolean narrow = panels.getLast().width() == kernel.narrowWidth();
      tile = new RowTile(kernel, blockRows, queries.dimension(), narrow, wide);
    }

    @Override
    public void scan(SpanRunner.Span span) {
      if (picksRows) {
        pick(span);
        return;
      }
      for (int row = span.firstRow(); row < span.endRow(); row += blockRows) {
        scan(span.chunk(), row, Math.min(blockRows, span.endRow() - row));
      }
    }

    private void scan(int chunk, int firstRow, int rowCount) {
      if (!allowed.anyOf(rows.start(chunk) + firstRow, rowCount)) {
        return;
      }
      RowChunk rowChunk = rows.chunk(chunk);
      tile.load(rowChunk.rows(), rowChunk.offset(firstRow), rowCount);
      for (int row = 0; row < rowCount; row++) {
        ordinals[row] = rows.start(chunk) + firstRow + row;
      }
      score(rowCount);
    }

    private void pick(SpanRunner.Span span) {
      RowChunk chunk = rows.chunk(span.chunk());
      int start = rows.start(span.chunk());
      int end = start + span.endRow();
      int picked = 0;
      for (int ordinal = allowed.next(start + span.firstRow(), end);
          ordinal < end;
          ordinal = allowed.next(ordinal + 1, end)) {
        tile.put(picked, chunk.rows(), chunk.offset(ordinal - start));
        ordinals[picked++] = ordinal;
        if (picked == blockRows) {
          tile.limit(picked);
          score(picked);
          picked = 0;
        }
      }
      if (picked > 0) {
        tile.limit(picked);
        score(picked);
      }
    }

    private void score(int rowCount) {
      visited.addAndGet(rowCount);
      for (QueryPanel panel : panels) {
        expect(panel);
        kernel.scoreTile(tile, panel, hits);
        offer(panel);
      }
    }

    private void expect(QueryPanel panel) {
      hits.clear();
      for (int lane = 0; lane < panel.count(); lane++) {
        hits.setThreshold(lane, best[panel.firstQuery() + lane].threshold());
      }
    }

    private void offer(QueryPanel panel) {
      for (int hit = 0; hit < hits.count(); hit++) {
        int query = panel.firstQuery() + hits.lane(hit);
        int ordinal = ordinals[hits.row(hit)];
        float score = hits.score(hit);
        if (score >= best[query].threshold()
            && ordinal != queries.excluded(query)
            && allowed.contains(ordinal)) {
          best[query].offer(ordinal, score);
        }
      }
    }
  }
}
