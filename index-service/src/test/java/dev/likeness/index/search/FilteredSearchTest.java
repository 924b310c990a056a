package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.filter.Filter.In;
import dev.likeness.index.filter.Filter.Not;
import dev.likeness.index.filter.Filter.Or;
import dev.likeness.index.filter.Filter.Range;
import dev.likeness.index.filter.Filter.Range.Bound;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.PayloadValue.TextValue;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Filtered answers are those of comparing the query with every vector that the filter allows. */
class FilteredSearchTest {

  private static final int COUNT = 5000;
  private static final int DIMENSION = 64;
  private static final FieldName NUMBER = new FieldName("number");
  private static final FieldName GROUP = new FieldName("group");

  private final SearchPool pool = new SearchPool(3, 64);
  private final List<VectorChange.Put> live = new ArrayList<>();

  @AfterEach
  void stopThreads() {
    pool.close();
  }

  ExactIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget) {
    return new ExactIndex(dimension, new SimdKernel(), pool, budget);
  }

  private ExactIndex filled() {
    Random random = new Random(5);
    ExactIndex index = newIndex(DIMENSION, pool, new MemoryBudget(64 << 20));
    List<VectorChange.Put> puts = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      Payload payload =
          Payload.of(Map.of("number", new NumberValue(i), "group", new TextValue("g" + i % 7)));
      puts.add(new VectorChange.Put(new VectorId("v" + i), payload, gaussian(random)));
    }
    index.apply(List.copyOf(puts));
    for (VectorChange.Put put : puts) {
      if (random.nextInt(10) == 0) {
        index.apply(List.of(new VectorChange.Delete(put.id())));
      } else {
        live.add(put);
      }
    }
    return index;
  }

  @Test
  void answersAndCountsAsBruteForceDoesFromNoneToAll() {
    // Given
    Random random = new Random(6);
    try (ExactIndex index = filled()) {
      for (int allowed : new int[] {0, 1, 2, 63, 64, 65, 150, 500, 2000, COUNT - 1, COUNT}) {
        List<Filter> filters =
            List.of(below(allowed), new Not(below(allowed)), scattered(random, allowed));
        for (Filter filter : filters) {
          for (int k : new int[] {1, 10, 700}) {
            List<float[]> queries = List.of(gaussian(random), gaussian(random), gaussian(random));

            // When
            SearchResult result = index.search(request(queries, k, filter));

            // Then
            String where = "%d allowed, k %d, %s".formatted(allowed, k, filter.getClass());
            long matching = live.stream().filter(put -> filter.allows(put.payload())).count();
            assertThat(result.matchingCount()).as(where).isEqualTo(matching);
            for (int q = 0; q < queries.size(); q++) {
              assertThat(result.answers().get(q).neighbors())
                  .as(where)
                  .isEqualTo(bruteForce(queries.get(q), filter, k));
            }
          }
        }
      }
    }
  }

  @Test
  void fewAllowedRowsAreTheOnlyOnesScored() {
    Random random = new Random(8);
    try (ExactIndex index = filled()) {
      for (int queryCount : new int[] {1, 16, 45}) {
        Filter filter = scattered(random, 800);
        List<float[]> queries = new ArrayList<>();
        for (int q = 0; q < queryCount; q++) {
          queries.add(gaussian(random));
        }
        SearchResult result = index.search(request(queries, 20, filter));
        for (int q = 0; q < queryCount; q++) {
          NeighborList answer = result.answers().get(q);
          assertThat(answer.neighbors()).isEqualTo(bruteForce(queries.get(q), filter, 20));
          assertThat(answer.visitedCount()).isEqualTo(result.matchingCount());
        }
      }
    }
  }

  @Test
  void aQueryMayStartFromAVectorThatIsNotAllowed() {
    try (ExactIndex index = filled()) {
      VectorChange.Put start = live.getLast();
      Filter others = new Or(List.of(In.of(GROUP, new TextValue("g1")), below(10)));
      SearchRequest request =
          new SearchRequest(List.of(new Query.OfStored(start.id())), 5, others, () -> false);
      assertThat(index.search(request).answers().getFirst().neighbors())
          .isEqualTo(
              bruteForce(
                  start.values(),
                  payload -> others.allows(payload) && !payload.equals(start.payload()),
                  5));
    }
  }

  @Test
  void pinnedVectorsAreThoseThatTheFilterAllows() {
    try (ExactIndex index = filled();
        SearchableVectors pinned = index.pin(below(100))) {
      List<VectorId> seen = new ArrayList<>();
      pinned.forEach(put -> seen.add(put.id()));
      assertThat(seen)
          .isEqualTo(
              live.stream()
                  .filter(put -> below(100).allows(put.payload()))
                  .map(VectorChange.Put::id)
                  .toList());
      assertThat(pinned.size()).isEqualTo(seen.size());
      float[] query = gaussian(new Random(1));
      SearchResult result = pinned.search(request(List.of(query), 9, Filter.EVERYTHING));
      assertThat(result.answers().getFirst().neighbors())
          .isEqualTo(bruteForce(query, below(100), 9));
    }
  }

  private static Filter below(int bound) {
    return new Range(NUMBER, null, new Bound(new NumberValue(bound), false));
  }

  private static Filter scattered(Random random, int count) {
    List<Filter> some = new ArrayList<>();
    for (int i = 0; i < Math.min(count, 900); i++) {
      some.add(In.of(NUMBER, new NumberValue(random.nextInt(COUNT))));
    }
    return new Or(some);
  }

  private List<Neighbor> bruteForce(float[] query, Filter filter, int k) {
    return bruteForce(query, (Payload payload) -> filter.allows(payload), k);
  }

  private List<Neighbor> bruteForce(float[] query, Predicate<Payload> allows, int k) {
    List<Neighbor> all = new ArrayList<>();
    for (VectorChange.Put put : live) {
      if (allows.test(put.payload())) {
        float score = 0;
        for (int i = 0; i < DIMENSION; i++) {
          score = Math.fma(query[i], put.values()[i], score);
        }
        all.add(new Neighbor(put.id(), score, put.payload()));
      }
    }
    all.sort(
        Comparator.comparing(Neighbor::score, Comparator.reverseOrder())
            .thenComparing(Neighbor::id));
    return all.subList(0, Math.min(k, all.size()));
  }

  private static SearchRequest request(List<float[]> queries, int k, Filter filter) {
    List<Query> all = queries.stream().<Query>map(Query.OfValues::new).toList();
    return new SearchRequest(all, k, filter, () -> false);
  }

  private static float[] gaussian(Random random) {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
