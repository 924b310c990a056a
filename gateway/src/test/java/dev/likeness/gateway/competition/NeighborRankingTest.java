package dev.likeness.gateway.competition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.gateway.peer.Calls;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.FakeIndex;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeighborRankingTest {

  private final FakeIndex index = new FakeIndex(new Calls());

  private List<String> rank(List<String> writeOrder, int k, double degrees) throws Exception {
    index.deleteCollection("gallery");
    index.createCollection("gallery", 2, "f");
    LinkedHashMap<String, Embedding> vectors = new LinkedHashMap<>();
    for (String name : writeOrder) {
      int fifty = Integer.parseInt(name.substring(1)) / 50;
      vectors.put(name, at(fifty));
    }
    index.upsert("gallery", "f", vectors);
    Patience patience = new Patience(Duration.ofMinutes(1), Clock.systemUTC(), _ -> {}, _ -> {});
    NeighborRanking ranking =
        new NeighborRanking(index, patience, "gallery", "f", writeOrder.size());
    return ranking.rank(List.of(at(degrees)), k).getFirst().stream().map(RankedName::name).toList();
  }

  private static Embedding at(double degrees) {
    return Embedding.of(
        (float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees)));
  }

  @Test
  void doesNotDependOnTheOrderOfWritingThoughFiftyImagesAreEqual() throws Exception {
    // Given: four angles, fifty equal images at each
    List<String> names =
        new ArrayList<>(IntStream.range(0, 200).mapToObj("g%03d"::formatted).toList());
    List<String> expected = rank(names, 10, 0.9);
    assertThat(expected).isEqualTo(names.subList(50, 60));
    long seed = 5;
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      // When
      Collections.shuffle(names, random);
      // Then
      assertThat(rank(names, 10, 0.9)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void ranksAGallerySmallerThanAsked() throws Exception {
    assertThat(rank(List.of("g000", "g100", "g050"), 10, 0))
        .containsExactly("g000", "g050", "g100");
  }
}
