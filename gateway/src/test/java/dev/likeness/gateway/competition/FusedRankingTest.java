package dev.likeness.gateway.competition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.gateway.peer.Calls;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.FakeIndex;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class FusedRankingTest {

  private static final int GALLERY = 400;
  private static final int K = 5;
  private static final int CANDIDATES = 100;

  private final FakeIndex index = new FakeIndex(new Calls());

  @Test
  void ranksTheUnionOfEachEncodersCandidatesAsBruteForceDoes() throws Exception {
    // Given
    long seed = 11;
    Random random = new Random(seed);
    Map<String, Embedding> first = gallery("first", 4, random);
    Map<String, Embedding> second = gallery("second", 7, random);
    List<Embedding> queries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      queries.add(Embedding.join(List.of(unit(4, random), unit(7, random))));
    }

    // When
    List<List<RankedName>> rankings =
        new FusedRanking(List.of(member("first", 4, 0.4), member("second", 7, 0.6)), Set.of())
            .rank(queries, K);

    // Then
    for (int i = 0; i < queries.size(); i++) {
      Embedding left = queries.get(i).part(0, 4);
      Embedding right = queries.get(i).part(4, 7);
      ToDoubleFunction<String> a = name -> left.innerProduct(first.get(name));
      ToDoubleFunction<String> b = name -> right.innerProduct(second.get(name));
      Set<String> union = new TreeSet<>(best(first.keySet(), a, CANDIDATES));
      union.addAll(best(second.keySet(), b, CANDIDATES));
      assertThat(union).hasSizeBetween(CANDIDATES + 1, 2 * CANDIDATES);
      ToDoubleFunction<String> fused =
          name -> 0.4 * minMax(union, a, name) + 0.6 * minMax(union, b, name);
      assertThat(rankings.get(i).stream().map(RankedName::name))
          .as("seed %d, query %d", seed, i)
          .containsExactlyElementsOf(best(union, fused, K));
      assertThat(rankings.get(i).getFirst().requireSimilarity()).isBetween(0.5, 1.0);
    }
  }

  @Test
  void countsNothingWhereAllCandidatesAreEqual() throws Exception {
    index.createCollection("same", 2, "f");
    index.createCollection("other", 2, "f");
    LinkedHashMap<String, Embedding> same = new LinkedHashMap<>();
    LinkedHashMap<String, Embedding> other = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c")) {
      same.put(name, Embedding.of(1, 0));
    }
    other.put("a", Embedding.of(0, 1));
    other.put("b", Embedding.of(1, 0));
    other.put("c", Embedding.of(0.6f, 0.8f));
    index.upsert("same", "f", same);
    index.upsert("other", "f", other);

    List<RankedName> ranking =
        new FusedRanking(List.of(member("same", 2, 0.5), member("other", 2, 0.5)), Set.of("c"))
            .rank(List.of(Embedding.of(1, 0, 1, 0)), 3)
            .getFirst();

    assertThat(ranking).containsExactly(new RankedName("b", 0.5), new RankedName("a", 0.0));
  }

  private FusedRanking.Member member(String collection, int dimension, double share) {
    Patience patience = new Patience(Duration.ofMinutes(1), Clock.systemUTC(), _ -> {}, _ -> {});
    return new FusedRanking.Member(
        new NeighborRanking(index, patience, collection, "f", GALLERY), dimension, share);
  }

  private Map<String, Embedding> gallery(String collection, int dimension, Random random) {
    LinkedHashMap<String, Embedding> vectors = new LinkedHashMap<>();
    for (int i = 0; i < GALLERY; i++) {
      vectors.put("g%03d".formatted(i), unit(dimension, random));
    }
    index.createCollection(collection, dimension, "f");
    index.upsert(collection, "f", vectors);
    return vectors;
  }

  private static Embedding unit(int dimension, Random random) {
    float[] values = new float[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
      squares += values[i] * values[i];
    }
    for (int i = 0; i < dimension; i++) {
      values[i] /= (float) Math.sqrt(squares);
    }
    return Embedding.of(values);
  }

  private static List<String> best(Set<String> names, ToDoubleFunction<String> score, int count) {
    return names.stream()
        .sorted(Comparator.comparingDouble((String name) -> -score.applyAsDouble(name)))
        .limit(count)
        .toList();
  }

  private static double minMax(Set<String> names, ToDoubleFunction<String> score, String name) {
    double min = names.stream().mapToDouble(score).min().orElseThrow();
    double max = names.stream().mapToDouble(score).max().orElseThrow();
    return (score.applyAsDouble(name) - min) / (max - min);
  }
}
