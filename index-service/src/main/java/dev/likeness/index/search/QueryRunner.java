package dev.likeness.index.search;

import dev.likeness.index.error.SearchAbandonedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Answers the queries of a request one by one, several threads at a time. */
final class QueryRunner {

  private final int count;
  private final BooleanSupplier abandoned;
  private final IntConsumer answer;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch unfinished;
  private volatile @Nullable Throwable failure;

  private QueryRunner(int count, BooleanSupplier abandoned, IntConsumer answer) {
    this.count = count;
    this.abandoned = abandoned;
    this.answer = answer;
    unfinished = new CountDownLatch(count);
  }

  /**
   * Returns when every query was answered.
   *
   * @throws SearchAbandonedException if {@code abandoned} says so
   */
  static void run(SearchPool pool, int count, BooleanSupplier abandoned, IntConsumer answer) {
    QueryRunner runner = new QueryRunner(count, abandoned, answer);
    pool.start(count, runner::takeQueries);
    runner.await();
  }

  private void takeQueries() {
    for (int q = next.getAndIncrement(); q < count; q = next.getAndIncrement()) {
      try {
        if (failure == null) {
          if (abandoned.getAsBoolean()) {
            throw new SearchAbandonedException(0);
          }
          answer.accept(q);
        }
      } catch (Throwable e) {
        failure = e;
      } finally {
        unfinished.countDown();
      }
    }
  }

  private void await() {
    boolean interrupted = false;
    while (true) {
      try {
        unfinished.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // the memory of the snapshot must outlive the search
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
