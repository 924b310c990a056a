package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every exact engine owes its callers. */
abstract class VectorIndexContract {

  private final SearchPool pool = new SearchPool(3, 64);
  private final MemoryBudget budget = new MemoryBudget(64 << 20);

  abstract VectorIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget);

  @AfterEach
  void stopThreads() {
    pool.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 300, 3",
    "2, 1000, 10",
    "3, 1, 5",
    "16, 64, 64",
    "17, 65, 100",
    "64, 2500, 1",
    "512, 700, 10",
    "1280, 450, 10",
    "2048, 130, 129"
  })
  void answersAsBruteForceDoes(int dimension, int count, int k) {
    for (Data data : Data.values()) {
      // Given
      Random random = new Random(dimension * 31L + count);
      Map<VectorId, float[]> vectors = data.draw(random, count, dimension);
      List<float[]> queries = new ArrayList<>(data.draw(random, 7, dimension).values());
      try (VectorIndex index = newIndex(dimension, pool, budget)) {
        index.apply(puts(vectors));

        // When
        SearchResult result = index.search(request(queries, k));

        // Then
        for (int q = 0; q < queries.size(); q++) {
          assertThat(result.answers().get(q).neighbors())
              .as("%s, query %d", data, q)
              .isEqualTo(bruteForce(vectors, queries.get(q), k));
          assertThat(result.answers().get(q).visitedCount()).isEqualTo(count);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 33, 150})
  void givesTheSameBitsWhateverTheBatch(int batch) {
    // Given
    Random random = new Random(7);
    List<float[]> queries = new ArrayList<>(Data.RANDOM.draw(random, 150, 96).values());
    try (VectorIndex index = newIndex(96, pool, budget)) {
      index.apply(puts(Data.RANDOM.draw(random, 5000, 96)));
      List<List<Neighbor>> together = neighbors(index.search(request(queries, 10)));

      // When
      List<List<Neighbor>> inParts = new ArrayList<>();
      for (int q = 0; q < queries.size(); q += batch) {
        List<float[]> part = queries.subList(q, Math.min(queries.size(), q + batch));
        inParts.addAll(neighbors(index.search(request(part, 10))));
      }

      // Then
      assertThat(inParts).isEqualTo(together);
    }
  }

  @Test
  void ordersEqualScoresById() {
    // Given
    try (VectorIndex index = newIndex(2, pool, budget)) {
      for (String id : List.of("d", "b", "e", "a", "c")) {
        index.apply(List.of(put(id, 1, 0)));
      }

      // When
      SearchResult result = index.search(request(List.of(new float[] {1, 0}), 3));

      // Then
      assertThat(result.answers().getFirst().neighbors())
          .extracting(neighbor -> neighbor.id().value())
          .containsExactly("a", "b", "c");
    }
  }

  @Test
  void answersNothingWhenEmpty() {
    try (VectorIndex index = newIndex(2, pool, budget)) {
      assertThat(neighbors(index.search(request(List.of(new float[] {1, 0}), 3))))
          .containsExactly(List.of());
    }
  }

  @Test
  void replacesAndDeletes() {
    // Given
    try (VectorIndex index = newIndex(2, pool, budget)) {
      index.apply(List.of(put("a", 1, 0), put("b", 0, 1), put("c", 1, 1)));

      // When
      int existing =
          index.apply(
              List.of(
                  put("a", 0, 5),
                  new VectorChange.Delete(new VectorId("b")),
                  new VectorChange.Delete(new VectorId("unknown"))));

      // Then
      assertThat(existing).isEqualTo(2);
      assertThat(index.size()).isEqualTo(2);
      assertThat(neighbors(index.search(request(List.of(new float[] {0, 1}), 9))).getFirst())
          .extracting(neighbor -> neighbor.id().value() + neighbor.score())
          .containsExactly("a5.0", "c1.0");
      assertThat(index.get(List.of(new VectorId("b"), new VectorId("a"))))
          .satisfiesExactly(
              b -> assertThat(b).isEmpty(),
              a -> assertThat(a.orElseThrow().values()).containsExactly(0, 5));
    }
  }

  @Test
  void lastOfEqualIdsInABatchWins() {
    try (VectorIndex index = newIndex(1, pool, budget)) {
      index.apply(List.of(put("a", 1), put("a", 2), put("a", 3)));
      assertThat(index.size()).isEqualTo(1);
      assertThat(neighbors(index.search(request(List.of(new float[] {1}), 3))).getFirst())
          .containsExactly(new Neighbor(new VectorId("a"), 3, Payload.EMPTY));
    }
  }

  @Test
  void searchFromAStoredVectorLeavesItOut() {
    // Given
    try (VectorIndex index = newIndex(2, pool, budget)) {
      index.apply(List.of(put("a", 1, 0), put("twin", 1, 0), put("b", 0, 1)));

      // When
      var request =
          new SearchRequest(List.of(new Query.OfStored(new VectorId("a"))), 2, () -> false);

      // Then
      assertThat(neighbors(index.search(request)).getFirst())
          .extracting(neighbor -> neighbor.id().value())
          .containsExactly("twin", "b");
    }
  }

  @Test
  void refusesToSearchFromAnUnknownVector() {
    try (VectorIndex index = newIndex(2, pool, budget)) {
      var request =
          new SearchRequest(List.of(new Query.OfStored(new VectorId("a"))), 2, () -> false);
      assertThatThrownBy(() -> index.search(request)).isInstanceOf(VectorNotFoundException.class);
    }
  }

  @Test
  void returnsPayloads() {
    Payload payload = Payload.of(Map.of("path", new PayloadValue.TextValue("x/y.jpg")));
    try (VectorIndex index = newIndex(1, pool, budget)) {
      index.apply(List.of(new VectorChange.Put(new VectorId("a"), payload, new float[] {1})));
      assertThat(neighbors(index.search(request(List.of(new float[] {1}), 1))).getFirst())
          .containsExactly(new Neighbor(new VectorId("a"), 1, payload));
    }
  }

  @Test
  void agreesWithBruteForceAfterManyChanges() {
    // Given
    Random random = new Random(11);
    Map<VectorId, float[]> expected = new TreeMap<>();
    try (VectorIndex index = newIndex(8, pool, budget)) {
      // When
      for (int step = 0; step < 400; step++) {
        List<VectorChange> batch = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          VectorId id = new VectorId("v" + random.nextInt(900));
          if (random.nextInt(3) == 0) {
            batch.add(new VectorChange.Delete(id));
            expected.remove(id);
          } else {
            float[] values = gaussian(random, 8);
            batch.add(new VectorChange.Put(id, Payload.EMPTY, values));
            expected.put(id, values);
          }
        }
        index.apply(batch);
      }

      // Then
      float[] query = gaussian(random, 8);
      assertThat(index.size()).isEqualTo(expected.size());
      assertThat(neighbors(index.search(request(List.of(query), 50))).getFirst())
          .isEqualTo(bruteForce(expected, query, 50));
      try (PinnedVectors pinned = index.pin()) {
        Map<VectorId, float[]> found = new TreeMap<>();
        pinned.forEach(put -> found.put(put.id(), put.values()));
        assertThat(found).usingRecursiveComparison().isEqualTo(expected);
      }
      assertThat(index.memoryBytes()).isLessThan(8 * 4 * 8192);
    }
  }

  @Test
  void searchesSeeWholeBatchesOnly() throws Exception {
    // Given: every batch moves all ten vectors to one common value
    try (VectorIndex index = newIndex(1, pool, budget);
        ExecutorService reader = Executors.newSingleThreadExecutor()) {
      index.apply(common(0));
      AtomicBoolean stop = new AtomicBoolean();
      CountDownLatch started = new CountDownLatch(1);
      Callable<List<Object>> mixtures =
          () -> {
            List<Object> seen = new ArrayList<>();
            while (!stop.get()) {
              started.countDown();
              var found = neighbors(index.search(request(List.of(new float[] {1}), 20)));
              if (found.getFirst().stream().map(Neighbor::score).distinct().count() != 1
                  || found.getFirst().size() != 10) {
                seen.add(found);
              }
            }
            return seen;
          };
      Future<List<Object>> seen = reader.submit(mixtures);
      started.await();

      // When
      for (int value = 1; value < 3000; value++) {
        index.apply(common(value));
      }
      stop.set(true);

      // Then
      assertThat(seen.get()).isEmpty();
    }
  }

  @Test
  void pinnedVectorsOutliveTheIndex() {
    try (VectorIndex index = newIndex(2, pool, budget)) {
      index.apply(List.of(put("a", 1, 2)));
      try (PinnedVectors pinned = index.pin()) {
        index.close();
        List<float[]> seen = new ArrayList<>();
        pinned.forEach(put -> seen.add(put.values()));
        assertThat(seen).containsExactly(new float[] {1, 2});
      }
      assertThat(budget.usedBytes()).isZero();
    }
  }

  @Test
  void refusesMoreThanTheMemoryAllows() {
    MemoryBudget small = new MemoryBudget(130_000);
    try (VectorIndex index = newIndex(100, pool, small)) {
      index.reserve(180);
      assertThatThrownBy(() -> index.reserve(400)).isInstanceOf(IndexFullException.class);
      index.apply(List.of(new VectorChange.Put(new VectorId("a"), Payload.EMPTY, new float[100])));
      assertThat(index.size()).isEqualTo(1);
    }
    assertThat(small.usedBytes()).isZero();
  }

  @Test
  void givesUpWhenNobodyWaits() {
    try (VectorIndex index = newIndex(1, pool, budget)) {
      index.apply(List.of(put("a", 1)));
      var request = new SearchRequest(List.of(new Query.OfValues(new float[] {1})), 1, () -> true);
      assertThatThrownBy(() -> index.search(request)).isInstanceOf(SearchAbandonedException.class);
    }
  }

  private enum Data {
    RANDOM,
    CLUSTERED,
    DUPLICATED;

    Map<VectorId, float[]> draw(Random random, int count, int dimension) {
      Map<VectorId, float[]> vectors = new TreeMap<>();
      float[] center = gaussian(random, dimension);
      for (int i = 0; i < count; i++) {
        float[] values = gaussian(random, dimension);
        if (this == CLUSTERED) {
          for (int d = 0; d < dimension; d++) {
            values[d] = center[d] + 0.001f * values[d];
          }
        } else if (this == DUPLICATED) {
          values = center.clone();
          values[0] = i % 3;
        }
        vectors.put(new VectorId("v" + random.nextInt(10) + "-" + i), values);
      }
      return vectors;
    }
  }

  private static List<Neighbor> bruteForce(Map<VectorId, float[]> vectors, float[] query, int k) {
    List<Neighbor> all = new ArrayList<>();
    vectors.forEach(
        (id, values) -> {
          float score = 0;
          for (int i = 0; i < values.length; i++) {
            score = Math.fma(query[i], values[i], score);
          }
          all.add(new Neighbor(id, score, Payload.EMPTY));
        });
    all.sort(
        Comparator.comparing(Neighbor::score, Comparator.reverseOrder())
            .thenComparing(Neighbor::id));
    return all.subList(0, Math.min(k, all.size()));
  }

  private static float[] gaussian(Random random, int dimension) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static List<VectorChange> puts(Map<VectorId, float[]> vectors) {
    List<VectorChange> puts = new ArrayList<>();
    vectors.forEach((id, values) -> puts.add(new VectorChange.Put(id, Payload.EMPTY, values)));
    return puts;
  }

  private static List<VectorChange> common(int value) {
    List<VectorChange> batch = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      batch.add(put("v" + i, value));
    }
    return batch;
  }

  private static VectorChange put(String id, float... values) {
    return new VectorChange.Put(new VectorId(id), Payload.EMPTY, values);
  }

  private static SearchRequest request(List<float[]> queries, int k) {
    List<Query> all = queries.stream().<Query>map(Query.OfValues::new).toList();
    return new SearchRequest(all, k, () -> false);
  }

  private static List<List<Neighbor>> neighbors(SearchResult result) {
    return result.answers().stream().map(NeighborList::neighbors).toList();
  }
}
