package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.SearchQueueFullException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SearchPoolTest {

  @Test
  void refusesWhatFindsNoPlaceInTheQueue() throws InterruptedException {
    // Given: one thread at work, one task waiting
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    try (SearchPool pool = new SearchPool(1, 1)) {
      pool.start(
          1,
          () -> {
            running.countDown();
            awaitQuietly(finish);
            ran.incrementAndGet();
          });
      running.await();
      pool.start(1, ran::incrementAndGet);

      // When, Then
      assertThatThrownBy(() -> pool.start(1, ran::incrementAndGet))
          .isInstanceOf(SearchQueueFullException.class)
          .hasMessageContaining("all 1 places");
      finish.countDown();
    }
    assertThat(ran.get()).isLessThanOrEqualTo(2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
