package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers at a time get what each of them gets alone, to the bit. */
class SharedScanTest {

  private static final int DIMENSION = 96;
  private static final int ROWS = 6000;
  private static final int CALLERS = 24;
  private static final int ROUNDS = 8;

  private static final Filter EVEN =
      new Filter.In(new FieldName("parity"), Set.of(new PayloadValue.BooleanValue(true)));
  private static final Filter RARE =
      new Filter.In(new FieldName("rest"), Set.of(new PayloadValue.NumberValue(7)));

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCallerGetsWhatItGetsAlone(boolean byProduct) throws Exception {
    VectorKernel kernel = byProduct ? Products.with(Products.ONNX) : new SimdKernel();
    try (SearchPool pool = new SearchPool(2, 64);
        ExactIndex index = new ExactIndex(DIMENSION, kernel, pool, new MemoryBudget(64 << 20));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      // Given
      fill(index);
      List<SearchRequest> requests = requests();
      List<SearchResult> alone = requests.stream().map(index::search).toList();
      assertThat(pool.sharedCount()).isZero();

      // When: the first round is held up until all have come, so that scans are shared for certain
      CountDownLatch allHaveCome = new CountDownLatch(1);
      pool.start(2, () -> await(allHaveCome));
      CyclicBarrier together = new CyclicBarrier(CALLERS);
      List<Future<List<SearchResult>>> found = new ArrayList<>();
      for (SearchRequest request : requests) {
        found.add(
            callers.submit(
                () -> {
                  List<SearchResult> results = new ArrayList<>();
                  for (int round = 0; round < ROUNDS; round++) {
                    together.await();
                    results.add(index.search(request));
                  }
                  return results;
                }));
      }

      while (pool.queuedCount() < CALLERS) {
        Thread.onSpinWait();
      }
      allHaveCome.countDown();

      // Then
      for (int caller = 0; caller < CALLERS; caller++) {
        SearchResult expected = alone.get(caller);
        assertThat(found.get(caller).get())
            .hasSize(ROUNDS)
            .allSatisfy(
                result -> {
                  assertThat(neighbors(result)).isEqualTo(neighbors(expected));
                  assertThat(result.matchingCount()).isEqualTo(expected.matchingCount());
                });
      }
      assertThat(pool.sharedCount()).isPositive();
      assertThat(pool.queuedCount()).isZero();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Every tenth row is the same as another one, so that ties are frequent. */
  private static void fill(ExactIndex index) {
    Random random = new Random(11);
    List<VectorChange> rows = new ArrayList<>();
    float[] last = gaussian(random);
    for (int row = 0; row < ROWS; row++) {
      last = row % 10 == 9 ? last : gaussian(random);
      Map<String, PayloadValue> fields = new HashMap<>();
      fields.put("parity", new PayloadValue.BooleanValue(row % 2 == 0));
      fields.put("rest", new PayloadValue.NumberValue(row % 50));
      rows.add(new VectorChange.Put(new VectorId("v" + row), Payload.of(fields), last.clone()));
    }
    index.apply(rows);
    index.apply(List.of(new VectorChange.Delete(new VectorId("v17"))));
  }

  private static List<SearchRequest> requests() {
    Random random = new Random(12);
    List<SearchRequest> requests = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      List<Query> queries = new ArrayList<>();
      for (int q = 0; q < 1 + caller % 3; q++) {
        queries.add(
            caller % 6 == 5
                ? new Query.OfStored(new VectorId("v" + 19 * (caller + q)))
                : new Query.OfValues(gaussian(random)));
      }
      Filter filter = caller % 8 == 0 ? EVEN : caller % 8 == 4 ? RARE : Filter.EVERYTHING;
      requests.add(new SearchRequest(queries, caller % 4 == 3 ? 3 : 10, filter, () -> false));
    }
    return requests;
  }

  private static float[] gaussian(Random random) {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static List<List<Neighbor>> neighbors(SearchResult result) {
    return result.answers().stream().map(NeighborList::neighbors).toList();
  }
}
