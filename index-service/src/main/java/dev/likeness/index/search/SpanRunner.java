package dev.likeness.index.search;

import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.kernel.VectorKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the rows of a snapshot by several threads. The rows are cut into spans; each thread
 * takes spans from a shared counter and has a {@link Worker} of its own.
 */
final class SpanRunner {

  /** Large enough that taking a span costs nothing, small enough that no thread waits long. */
  private static final int SPAN_ROWS = 4 * VectorKernel.BLOCK_ROWS;

  /** Below this many multiply-adds a second thread costs more than it brings. */
  private static final long WORK_PER_THREAD = 2_000_000;

  /** Rows {@code firstRow} to {@code endRow} of a chunk. */
  record Span(int chunk, int firstRow, int endRow) {}

  /** What one thread does with the spans it takes. */
  interface Worker extends AutoCloseable {
    void scan(Span span);

    /** When no span is left; not called after a failure. */
    default void finish() {}

    @Override
    default void close() {}
  }

  private final List<Span> spans;
  private final BooleanSupplier abandoned;
  private final Supplier<Worker> workers;
  private final AtomicInteger nextSpan = new AtomicInteger();
  private final CountDownLatch unfinished;
  private final AtomicLong scannedRows = new AtomicLong();
  private volatile @Nullable Throwable failure;

  private SpanRunner(
      RowSnapshot rows, AllowedRows allowed, BooleanSupplier abandoned, Supplier<Worker> workers) {
    this.spans = spans(rows, allowed);
    this.abandoned = abandoned;
    this.workers = workers;
    unfinished = new CountDownLatch(spans.size());
  }

  /**
   * Returns when every span was scanned, but for those of chunks that are left out.
   *
   * @param work multiply-adds in all; decides how many threads begin
   * @param workers called once by each thread
   * @throws SearchAbandonedException if {@code abandoned} says so
   */
  static void run(
      RowSnapshot rows,
      AllowedRows allowed,
      SearchPool pool,
      long work,
      BooleanSupplier abandoned,
      Supplier<Worker> workers) {
    SpanRunner runner = new SpanRunner(rows, allowed, abandoned, workers);
    if (!runner.spans.isEmpty()) {
      int threads = (int) Math.min(runner.spans.size(), 1 + work / WORK_PER_THREAD);
      pool.start(threads, runner::takeSpans);
      runner.await();
    }
  }

  private static List<Span> spans(RowSnapshot rows, AllowedRows allowed) {
    List<Span> spans = new ArrayList<>();
    for (int chunk = 0; chunk < rows.chunkCount(); chunk++) {
      int count = allowed.leavesOut(chunk) ? 0 : rows.rowsIn(chunk);
      for (int row = 0; row < count; row += SPAN_ROWS) {
        spans.add(new Span(chunk, row, Math.min(count, row + SPAN_ROWS)));
      }
    }
    return spans;
  }

  private void takeSpans() {
    Worker mine = null;
    int taken = 0;
    for (int s = nextSpan.getAndIncrement(); s < spans.size(); s = nextSpan.getAndIncrement()) {
      taken++;
      try {
        if (mine == null) {
          mine = workers.get();
        }
        if (failure == null) {
          scan(spans.get(s), mine);
        }
      } catch (Throwable e) {
        failure = e;
      }
    }
    if (mine != null) {
      finish(mine);
    }
    for (int s = 0; s < taken; s++) {
      unfinished.countDown(); // only now, since the answer is there when all are
    }
  }

  private void finish(Worker worker) {
    try (worker) {
      if (failure == null) {
        worker.finish();
      }
    } catch (Throwable e) {
      failure = e;
    }
  }

  private void scan(Span span, Worker worker) {
    if (abandoned.getAsBoolean()) {
      throw new SearchAbandonedException(scannedRows.get());
    }
    worker.scan(span);
    scannedRows.addAndGet(span.endRow() - span.firstRow());
  }

  private void await() {
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
}
