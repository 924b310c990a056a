package dev.likeness.embedder.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.embedder.failure.DeadlinePassedException;
import dev.likeness.embedder.failure.ImageRejectedException;
import dev.likeness.embedder.failure.InferenceFailedException;
import dev.likeness.embedder.failure.QueueFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DynamicBatcherTest {

  private final ManualExecutor decoding = new ManualExecutor();
  private final ManualExecutor inference = new ManualExecutor();
  private final ManualExecutor timer = new ManualExecutor();
  private final FirstByteEmbedder embedder = new FirstByteEmbedder();
  private final List<BatchingObserver.DropReason> drops = new ArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private long now = 1_000;

  private final BatchingObserver observer =
      new BatchingObserver() {
        @Override
        public void dropped(DropReason reason) {
          drops.add(reason);
        }

        @Override
        public void refused() {
          refusals.incrementAndGet();
        }
      };

  @Test
  void joinsReadyImagesOfManyCallersIntoOneBatch() {
    // Given
    DynamicBatcher batcher = batcher(limits(10, 4, 0, 8));
    List<CompletableFuture<EmbeddedImage>> results = submit(batcher, 1, 2, 3);

    // When
    decoding.runAll();
    inference.runAll();

    // Then
    assertThat(embedder.batchSizes).containsExactly(3);
    assertThat(results).extracting(DynamicBatcherTest::value).containsExactly(1f, 2f, 3f);
    assertThat(results.get(1).join().timing().batchSize()).isEqualTo(3);
  }

  @Test
  void neverExceedsMaximumBatch() {
    DynamicBatcher batcher = batcher(limits(10, 2, 0, 8));
    List<CompletableFuture<EmbeddedImage>> results = submit(batcher, 1, 2, 3, 4, 5);

    decoding.runAll();
    inference.runAll();

    assertThat(embedder.batchSizes).containsExactly(2, 2, 1);
    assertThat(results).extracting(DynamicBatcherTest::value).containsExactly(1f, 2f, 3f, 4f, 5f);
  }

  @Test
  void sharesReadyImagesAmongIdleInferenceThreads() {
    DynamicBatcher batcher = batcher(new BatchingLimits(10, 8, Duration.ZERO, 2, 8));
    submit(batcher, 1, 2, 3, 4);

    decoding.runAll();
    inference.runNext();

    assertThat(embedder.batchSizes).containsExactly(2);
  }

  @Test
  void lonelyImageDoesNotWaitForCompany() {
    DynamicBatcher batcher = batcher(limits(10, 4, 5, 8));
    submit(batcher, 1);

    decoding.runNext();

    assertThat(inference.size()).isEqualTo(1);
    assertThat(timer.size()).isZero();
  }

  @Test
  void readyImageWaitsForThoseBeingDecoded() {
    // Given
    DynamicBatcher batcher = batcher(limits(10, 4, 5, 8));
    submit(batcher, 1, 2);

    // When the first is ready and the second is on its way
    decoding.runNext();

    // Then
    assertThat(inference.size()).isZero();
    assertThat(timer.size()).isEqualTo(1);
    decoding.runNext();
    inference.runAll();
    assertThat(embedder.batchSizes).containsExactly(2);
  }

  @Test
  void readyImageWaitsNoLongerThanTheMaximumDelay() {
    // Given
    DynamicBatcher batcher = batcher(limits(10, 4, 5, 8));
    submit(batcher, 1, 2);
    decoding.runNext();

    // When
    now += Duration.ofMillis(5).toNanos();
    timer.runNext();
    inference.runAll();

    // Then
    assertThat(embedder.batchSizes).containsExactly(1);
  }

  @Test
  void refusesWhenTheQueueIsFull() {
    // Given one image in decoding and two waiting
    DynamicBatcher batcher = batcher(limits(2, 1, 0, 1));
    submit(batcher, 1, 2, 3);

    // When
    assertThatThrownBy(() -> submit(batcher, 4))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("2 images wait")
        .extracting(thrown -> ((QueueFullException) thrown).retryAfter())
        .satisfies(delay -> assertThat(delay).isPositive());

    // Then
    assertThat(refusals).hasValue(1);
  }

  @Test
  void deadImagesMakeRoomForLivingOnes() {
    DynamicBatcher batcher = batcher(limits(2, 1, 0, 1));
    List<CompletableFuture<EmbeddedImage>> results = submit(batcher, 1, 2, 3);
    results.get(1).cancel(false);

    List<CompletableFuture<EmbeddedImage>> fourth = submit(batcher, 4);
    runEverything();

    assertThat(value(fourth.getFirst())).isEqualTo(4f);
    assertThat(drops).containsExactly(BatchingObserver.DropReason.CANCELLED);
  }

  @Test
  void callerThatCanWaitGetsRoomLater() throws Exception {
    // Given
    DynamicBatcher batcher = batcher(limits(1, 1, 0, 1));
    submit(batcher, 1, 2);
    CompletableFuture<CompletableFuture<EmbeddedImage>> waiting = new CompletableFuture<>();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    waiting.complete(batcher.submitWhenRoom(new byte[] {3}, null).orElseThrow());
                  } catch (InterruptedException stopped) {
                    waiting.cancel(true);
                  }
                });

    // When room appears, before or after the waiter began to wait
    decoding.runNext();
    inference.runNext();
    waiter.join();
    runEverything();

    // Then
    assertThat(value(waiting.join())).isEqualTo(3f);
    assertThat(refusals).hasValue(0);
  }

  @Test
  void skipsImageWhoseDeadlinePassedWhileItWaited() {
    // Given
    DynamicBatcher batcher = batcher(limits(4, 1, 0, 1));
    submit(batcher, 1);
    CompletableFuture<EmbeddedImage> late =
        batcher.submit(new byte[] {2}, new Deadline(now + 10)).orElseThrow();

    // When
    now += 10;
    runEverything();

    // Then
    assertThat(late)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(DeadlinePassedException.class);
    assertThat(embedder.batchSizes).containsExactly(1);
    assertThat(drops).containsExactly(BatchingObserver.DropReason.DEADLINE);
  }

  @Test
  void skipsImageWhoseDeadlinePassedAfterDecoding() {
    DynamicBatcher batcher = batcher(limits(4, 1, 0, 1));
    CompletableFuture<EmbeddedImage> late =
        batcher.submit(new byte[] {2}, new Deadline(now + 10)).orElseThrow();
    decoding.runNext();

    now += 10;
    runEverything();

    assertThat(late).isCompletedExceptionally();
    assertThat(embedder.batchSizes).isEmpty();
    assertThat(drops).containsExactly(BatchingObserver.DropReason.DEADLINE);
  }

  @Test
  void skipsImageWhoseCallerHasGone() {
    DynamicBatcher batcher = batcher(limits(4, 4, 0, 4));
    List<CompletableFuture<EmbeddedImage>> results = submit(batcher, 1, 2);
    decoding.runAll();

    results.getFirst().cancel(false);
    inference.runAll();

    assertThat(embedder.batchSizes).containsExactly(1);
    assertThat(value(results.get(1))).isEqualTo(2f);
  }

  @Test
  void corruptImageDoesNotDisturbItsNeighbours() {
    DynamicBatcher batcher = batcher(limits(10, 4, 0, 8));
    CompletableFuture<EmbeddedImage> first = submit(batcher, 1).getFirst();
    CompletableFuture<EmbeddedImage> corrupt = batcher.submit(new byte[0], null).orElseThrow();
    CompletableFuture<EmbeddedImage> third = submit(batcher, 3).getFirst();

    runEverything();

    assertThat(corrupt)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(ImageRejectedException.class);
    assertThat(List.of(value(first), value(third))).containsExactly(1f, 3f);
  }

  @Test
  void batchThatFailsIsRepeatedImageByImage() {
    DynamicBatcher batcher = batcher(limits(10, 4, 0, 8));
    List<CompletableFuture<EmbeddedImage>> results = submit(batcher, 1, 13, 3);

    runEverything();

    assertThat(value(results.getFirst())).isEqualTo(1f);
    assertThat(value(results.getLast())).isEqualTo(3f);
    assertThat(results.get(1))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(InferenceFailedException.class);
  }

  @Test
  void vectorThatIsNotFiniteIsAFailureOfItsImageOnly() {
    DynamicBatcher batcher = batcher(limits(10, 4, 0, 8));
    List<CompletableFuture<EmbeddedImage>> results = submit(batcher, 14, 2);

    runEverything();

    assertThat(results.getFirst()).isCompletedExceptionally();
    assertThat(value(results.getLast())).isEqualTo(2f);
  }

  @Test
  void memoryIsBoundedByPreparedImages() {
    DynamicBatcher batcher = batcher(limits(100, 4, 0, 3));

    submit(batcher, IntStream.rangeClosed(1, 50).toArray());

    assertThat(decoding.size()).isEqualTo(3);
    assertThat(batcher.waitingCount()).isEqualTo(47);
  }

  @Test
  void retiredBatcherFinishesWhatItHasAndThenClosesTheEmbedder() {
    // Given
    DynamicBatcher batcher = batcher(limits(10, 1, 0, 1));
    List<CompletableFuture<EmbeddedImage>> results = submit(batcher, 1, 2, 3);

    // When
    CompletableFuture<Void> closed = batcher.retire();

    // Then
    assertThat(batcher.submit(new byte[] {4}, null)).isEmpty();
    assertThat(embedder.closed).isFalse();
    runEverything();
    assertThat(results).extracting(DynamicBatcherTest::value).containsExactly(1f, 2f, 3f);
    assertThat(embedder.closed).isTrue();
    assertThat(closed).isCompleted();
  }

  @Test
  void idleBatcherClosesAtOnce() {
    DynamicBatcher batcher = batcher(limits(10, 1, 0, 1));

    assertThat(batcher.retire()).isCompleted();
    assertThat(batcher.retire()).isCompleted();
    assertThat(embedder.closed).isTrue();
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    // Given real threads
    try (ExecutorService decoders = Executors.newFixedThreadPool(2);
        ExecutorService networks = Executors.newFixedThreadPool(2);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      BatchEmbedder network = new SynchronizedEmbedder(embedder);
      DynamicBatcher batcher =
          new DynamicBatcher(
              embedder,
              network,
              new BatchingLimits(4, 4, Duration.ofNanos(1), 2, 6),
              new BatchingThreads(
                  decoders,
                  networks,
                  (delay, action) -> decoders.execute(action),
                  System::nanoTime),
              BatchingObserver.NONE);
      AtomicInteger right = new AtomicInteger();
      CountDownLatch done = new CountDownLatch(2_000);

      // When
      for (int i = 0; i < 2_000; i++) {
        byte value = (byte) (i % 10);
        callers.execute(
            () -> {
              try {
                EmbeddedImage image =
                    batcher.submitWhenRoom(new byte[] {value}, null).orElseThrow().get();
                right.addAndGet(image.value(0) == value ? 1 : 0);
              } catch (Exception lost) {
                right.addAndGet(-1_000_000);
              } finally {
                done.countDown();
              }
            });
      }
      done.await();
      batcher.retire().get();

      // Then
      assertThat(right).hasValue(2_000);
      assertThat(embedder.closed).isTrue();
    }
  }

  private record SynchronizedEmbedder(FirstByteEmbedder embedder) implements BatchEmbedder {
    @Override
    public int tensorLength() {
      return embedder.tensorLength();
    }

    @Override
    public float[][] embed(float[] tensors, int count) {
      synchronized (embedder) {
        return embedder.embed(tensors, count);
      }
    }

    @Override
    public void close() {
      embedder.close();
    }
  }

  private DynamicBatcher batcher(BatchingLimits limits) {
    return new DynamicBatcher(
        embedder,
        embedder,
        limits,
        new BatchingThreads(
            decoding, inference, (delay, action) -> timer.execute(action), () -> now),
        observer);
  }

  private static BatchingLimits limits(
      int queueCapacity, int maxBatch, int delayMillis, int preparedImages) {
    return new BatchingLimits(
        queueCapacity, maxBatch, Duration.ofMillis(delayMillis), 1, preparedImages);
  }

  private static List<CompletableFuture<EmbeddedImage>> submit(
      DynamicBatcher batcher, int... values) {
    return IntStream.of(values)
        .mapToObj(value -> batcher.submit(new byte[] {(byte) value}, null).orElseThrow())
        .toList();
  }

  private void runEverything() {
    while (decoding.size() + inference.size() > 0) {
      decoding.runAll();
      inference.runAll();
    }
  }

  private static float value(CompletableFuture<EmbeddedImage> result) {
    return result.join().value(0);
  }
}
