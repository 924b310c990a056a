package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.error.SearchQueueFullException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is answered by which scan; that answers are the same is told by {@link SharedScanTest}. */
class JointSearchTest {

  private static final Filter FILTER = new Filter.Exists(new FieldName("color"));

  private final SearchPool pool = new SearchPool(1, 40);
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<SearchRequest> scans = new CopyOnWriteArrayList<>();
  private final CountDownLatch began = new CountDownLatch(1);
  private final Semaphore steps = new Semaphore(0);
  private final JointSearch joint = new JointSearch(pool, this::scan);

  @AfterEach
  void stop() {
    callers.close();
    pool.close();
  }

  @Test
  void answersARequestAtOnceWhenIdle() {
    // Given
    steps.release();

    // When
    SearchResult result = joint.search(request(1, 10));

    // Then
    assertThat(values(result)).containsExactly(10L);
    assertThat(pool.sharedCount()).isZero();
  }

  @Test
  void answersThoseThatCameMeanwhileByOneScan() throws InterruptedException {
    // Given: one at work, three that wait
    var first = call(request(1, 10));
    began.await();
    var others = IntStream.range(1, 4).mapToObj(i -> waiting(request(i, 100 * i))).toList();

    // When
    steps.release(2);

    // Then
    assertThat(values(first.join())).containsExactly(10L);
    assertThat(values(others.get(0).join())).containsExactly(100L);
    assertThat(values(others.get(1).join())).containsExactly(200L, 201L);
    assertThat(values(others.get(2).join())).containsExactly(300L, 301L, 302L);
    assertThat(scans).extracting(scan -> scan.queries().size()).containsExactly(1, 6);
    assertThat(pool.sharedCount()).isEqualTo(2);
    assertThat(pool.queuedCount()).isZero();
  }

  @Test
  void joinsOnlyWhatWantsTheSame() throws InterruptedException {
    // Given
    var first = call(request(1, 10));
    began.await();
    SearchRequest filtered = new SearchRequest(queries(1, 30), 5, FILTER, () -> false);
    SearchRequest equallyFiltered =
        new SearchRequest(
            queries(1, 50), 5, new Filter.Exists(new FieldName("color")), () -> false);
    SearchRequest more = new SearchRequest(queries(1, 60), 6, () -> false);
    List<CompletableFuture<SearchResult>> others =
        List.of(
            waiting(request(1, 20)),
            waiting(filtered),
            waiting(request(1, 40)),
            waiting(equallyFiltered),
            waiting(more));

    // When
    steps.release(4);
    first.join();
    others.forEach(CompletableFuture::join);

    // Then: in the order of those that wait longest
    assertThat(scans.stream().map(JointSearchTest::asked))
        .containsExactly(List.of(10L), List.of(20L, 40L), List.of(30L, 50L), List.of(60L));
    assertThat(scans.get(2).filter()).isEqualTo(FILTER);
    assertThat(scans.get(3).k()).isEqualTo(6);
  }

  @Test
  void boundsWhatOneScanTakes() throws InterruptedException {
    // Given: more than one scan may take
    var first = call(request(1, 0));
    began.await();
    List<CompletableFuture<SearchResult>> others = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      others.add(waiting(request(JointSearch.MOST_QUERIES, 1000 * i)));
    }

    // When
    steps.release(3);
    first.join();
    others.forEach(CompletableFuture::join);

    // Then
    assertThat(scans)
        .extracting(scan -> scan.queries().size())
        .containsExactly(1, JointSearch.MOST_TOGETHER, 2 * JointSearch.MOST_QUERIES);
  }

  @Test
  void boundsTheNeighborsOfOneScan() throws InterruptedException {
    // Given: 100 queries of 10,000 neighbors are the most that a request may have
    var first = call(new SearchRequest(queries(1, 0), SearchRequest.MAX_K, () -> false));
    began.await();
    List<CompletableFuture<SearchResult>> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(
          waiting(new SearchRequest(queries(50, 100 * i), SearchRequest.MAX_K, () -> false)));
    }

    // When
    steps.release(3);
    first.join();
    others.forEach(CompletableFuture::join);

    // Then
    assertThat(scans).extracting(scan -> scan.queries().size()).containsExactly(1, 100, 50);
  }

  @Test
  void leavesOutThoseForWhomNobodyWaits() throws InterruptedException {
    // Given
    var first = call(request(1, 10));
    began.await();
    AtomicBoolean gone = new AtomicBoolean();
    var leader = waiting(new SearchRequest(queries(1, 20), 5, gone::get));
    var member = waiting(request(1, 30));
    var follower = waiting(new SearchRequest(queries(1, 40), 5, gone::get));
    gone.set(true);

    // When
    steps.release(2);

    // Then
    first.join();
    assertThat(values(member.join())).containsExactly(30L);
    for (var abandoned : List.of(leader, follower)) {
      assertThatThrownBy(abandoned::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(SearchAbandonedException.class);
    }
    assertThat(scans.stream().map(JointSearchTest::asked))
        .containsExactly(List.of(10L), List.of(30L));
  }

  @Test
  void endsAScanForWhichNobodyWaitsAnyMore() throws InterruptedException {
    // Given
    var first = call(request(1, 10));
    began.await();
    AtomicBoolean oneGone = new AtomicBoolean();
    AtomicBoolean otherGone = new AtomicBoolean();
    var one = waiting(new SearchRequest(queries(1, 20), 5, oneGone::get));
    var other = waiting(new SearchRequest(queries(1, 30), 5, otherGone::get));
    steps.release(2);
    first.join();
    one.join();
    other.join();
    BooleanSupplier abandoned = scans.get(1).abandoned();

    // When, Then
    oneGone.set(true);
    assertThat(abandoned.getAsBoolean()).isFalse();
    otherGone.set(true);
    assertThat(abandoned.getAsBoolean()).isTrue();
  }

  @Test
  void letsOnlyTheOneFailThatStartsFromAnUnknownVector() throws InterruptedException {
    // Given
    var first = call(request(1, 10));
    began.await();
    var one = waiting(request(1, 20));
    var wrong =
        waiting(
            new SearchRequest(
                List.of(new Query.OfStored(new VectorId("unknown"))), 5, () -> false));
    var other = waiting(request(1, 30));

    // When
    steps.release(5);

    // Then
    assertThat(values(first.join())).containsExactly(10L);
    assertThat(values(one.join())).containsExactly(20L);
    assertThat(values(other.join())).containsExactly(30L);
    assertThatThrownBy(wrong::join).hasCauseInstanceOf(VectorNotFoundException.class);
  }

  @Test
  void goesOnAfterAFailure() throws InterruptedException {
    // Given
    var first = call(new SearchRequest(queries(1, -1), 5, () -> false));
    began.await();
    var one = waiting(request(1, -1));
    var other = waiting(request(1, 30));
    steps.release(3);

    // When, Then
    for (var failed : List.of(first, one, other)) {
      assertThatThrownBy(failed::join).hasCauseInstanceOf(IllegalStateException.class);
    }
    assertThat(values(joint.search(request(1, 40)))).containsExactly(40L);
  }

  @Test
  void refusesMoreThanTheQueueHolds() throws InterruptedException {
    // Given
    var first = call(request(1, 10));
    began.await();
    var others = IntStream.range(0, 40).mapToObj(i -> waiting(request(1, i))).toList();

    // When, Then
    assertThatThrownBy(() -> joint.search(request(1, 10)))
        .isInstanceOf(SearchQueueFullException.class)
        .hasMessageContaining("all 40 places");
    steps.release(2);
    first.join();
    assertThat(others).allSatisfy(other -> assertThat(other.join().answers()).hasSize(1));
  }

  /** A scan takes one step; it answers each query by its first value. */
  private SearchResult scan(SearchRequest request) {
    scans.add(request);
    began.countDown();
    steps.acquireUninterruptibly();
    List<NeighborList> answers = new ArrayList<>();
    for (Query query : request.queries()) {
      switch (query) {
        case Query.OfStored(VectorId id) -> throw new VectorNotFoundException(id.value());
        case Query.OfValues given when given.values()[0] < 0 ->
            throw new IllegalStateException("a scan that fails");
        case Query.OfValues given ->
            answers.add(new NeighborList(List.of(), (long) given.values()[0]));
      }
    }
    return new SearchResult(answers, 7);
  }

  private CompletableFuture<SearchResult> call(SearchRequest request) {
    return CompletableFuture.supplyAsync(() -> joint.search(request), callers);
  }

  /** Returns when the call stands in the queue. */
  private CompletableFuture<SearchResult> waiting(SearchRequest request) {
    int before = pool.queuedCount();
    var called = call(request);
    while (pool.queuedCount() == before) {
      Thread.onSpinWait();
    }
    return called;
  }

  private static SearchRequest request(int count, int firstValue) {
    return new SearchRequest(queries(count, firstValue), 5, () -> false);
  }

  private static List<Query> queries(int count, int firstValue) {
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queries.add(new Query.OfValues(new float[] {firstValue + i}));
    }
    return queries;
  }

  private static List<Long> asked(SearchRequest scan) {
    return scan.queries().stream()
        .map(query -> (long) ((Query.OfValues) query).values()[0])
        .toList();
  }

  private static List<Long> values(SearchResult result) {
    return result.answers().stream().map(NeighborList::visitedCount).toList();
  }
}
