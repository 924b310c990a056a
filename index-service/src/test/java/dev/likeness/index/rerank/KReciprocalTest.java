package dev.likeness.index.rerank;

import static dev.likeness.index.rerank.RerankFixture.assertRankings;
import static dev.likeness.index.rerank.RerankFixture.id;
import static dev.likeness.index.rerank.RerankFixture.queries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KReciprocalTest {

  private static final float[][] GALLERY = NumpyMatrix.read("/rerank/gallery.npy");
  private static final float[][] QUERIES = NumpyMatrix.read("/rerank/query.npy");

  private static float[][] expectedScores() {
    float[][] matrix = NumpyMatrix.read("/rerank/k_reciprocal.distance.npy");
    for (float[] row : matrix) {
      for (int i = 0; i < row.length; i++) {
        row[i] = 1 - row[i];
      }
    }
    return matrix;
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 10, 1, 1000})
  void ranksAsTheReferenceDoes(int k) {
    try (var fixture = new RerankFixture(GALLERY)) {
      List<NeighborList> answers = fixture.search(KReciprocal.DEFAULT, queries(QUERIES), k);
      assertThat(answers).allMatch(list -> list.neighbors().size() == Math.min(k, 300));
      assertRankings(answers, expectedScores());
    }
  }

  @Test
  void answersTheSameBitsAgain() {
    try (var first = new RerankFixture(GALLERY);
        var second = new RerankFixture(GALLERY)) {
      assertThat(first.search(KReciprocal.DEFAULT, queries(QUERIES), 50))
          .isEqualTo(second.search(KReciprocal.DEFAULT, queries(QUERIES), 50));
    }
  }

  @Test
  void freesTheMemoryItTook() {
    try (var fixture = new RerankFixture(GALLERY)) {
      long before = fixture.budget.usedBytes();
      fixture.search(KReciprocal.DEFAULT, queries(QUERIES), 10);
      assertThat(fixture.budget.usedBytes()).isEqualTo(before);
    }
  }

  @Test
  void leavesTheVectorOutThatAQueryStartsFrom() {
    try (var fixture = new RerankFixture(GALLERY)) {
      List<NeighborList> answers =
          fixture.search(
              KReciprocal.DEFAULT,
              List.of(new Query.OfStored(id(0)), queries(QUERIES).getFirst()),
              300);
      assertThat(answers.getFirst().neighbors())
          .hasSize(299)
          .extracting(Neighbor::id)
          .doesNotContain(id(0));
      assertThat(answers.getLast().neighbors()).hasSize(300);
    }
  }

  @Test
  void ordersEqualVectorsById() {
    float[][] same = new float[70][];
    Arrays.fill(same, new float[] {3, 4});
    try (var fixture = new RerankFixture(same)) {
      List<NeighborList> answers =
          fixture.search(KReciprocal.DEFAULT, queries(new float[][] {{3, 4}}), 70);
      assertThat(answers.getFirst().neighbors())
          .extracting(Neighbor::score)
          .isSortedAccordingTo(Comparator.reverseOrder());
      assertThat(answers.getFirst().neighbors()).hasSize(70);
      assertThat(answers)
          .isEqualTo(fixture.search(KReciprocal.DEFAULT, queries(new float[][] {{3, 4}}), 70));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "50, 50, 1", "50, 1, 0.5", "2, 2, 0.3"})
  void answersForEveryParameterInItsRange(int k1, int k2, double lambda) {
    for (int size : new int[] {1, 2, 5, 300}) {
      try (var fixture = new RerankFixture(Arrays.copyOf(GALLERY, size))) {
        List<NeighborList> answers =
            fixture.search(new KReciprocal(k1, k2, lambda), queries(QUERIES), 10);
        assertThat(answers).allMatch(list -> list.neighbors().size() == Math.min(10, size));
        assertThat(answers)
            .flatExtracting(NeighborList::neighbors)
            .allMatch(neighbor -> neighbor.score() >= 0 && neighbor.score() <= 1);
      }
    }
  }

  @Test
  void keepsThePlainOrderWhenThePlainDistanceIsAll() {
    try (var fixture = new RerankFixture(GALLERY)) {
      var plain = fixture.search(new KReciprocal(20, 6, 1), queries(QUERIES), 300);
      var narrow = fixture.search(new KReciprocal(1, 1, 1), queries(QUERIES), 300);
      assertThat(plain).isEqualTo(narrow);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0.3, k1",
    "-5, 1, 0.3, k1",
    "51, 6, 0.3, k1",
    "20, 0, 0.3, k2",
    "20, 21, 0.3, k2",
    "20, 6, -0.1, lambda",
    "20, 6, 1.1, lambda",
    "20, 6, NaN, lambda",
    "20, 6, Infinity, lambda"
  })
  void rejectsParametersOutsideTheirRange(int k1, int k2, double lambda, String field) {
    assertThatThrownBy(() -> new KReciprocal(k1, k2, lambda))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("reranking.k_reciprocal." + field + ": must be ");
  }

  @Test
  void rejectsMoreNeighborsThanAreRanked() {
    try (var fixture = new RerankFixture(GALLERY)) {
      assertThatThrownBy(() -> fixture.search(KReciprocal.DEFAULT, queries(QUERIES), 1001))
          .hasMessage("k: must be 1 to 1000 with reranking, is 1001");
    }
  }

  @Test
  void rejectsMoreVectorsThanItsLimit() {
    float[][] many = new float[KReciprocal.MAX_ITEMS][];
    Arrays.fill(many, new float[] {1, 0});
    try (var fixture = new RerankFixture(many)) {
      assertThatThrownBy(
              () -> fixture.search(KReciprocal.DEFAULT, queries(new float[][] {{1, 0}}), 1))
          .hasMessage(
              "reranking.k_reciprocal: queries and gallery of dimension 2 may be 20000 vectors together, are 20001; use query_expansion");
    }
  }

  @Test
  void rejectsWhatTheMemoryBudgetDoesNotAllow() {
    try (var fixture = new RerankFixture(GALLERY, 320 * 32 * 4)) {
      assertThatThrownBy(() -> fixture.search(KReciprocal.DEFAULT, queries(QUERIES), 1))
          .isInstanceOf(IndexFullException.class);
      assertThat(fixture.budget.usedBytes()).isLessThanOrEqualTo(320 * 32 * 4);
    }
  }

  @Test
  void stopsWhenNobodyWaits() {
    try (var fixture = new RerankFixture(GALLERY)) {
      var request = new SearchRequest(queries(QUERIES), 1, () -> true);
      assertThatThrownBy(() -> fixture.search(KReciprocal.DEFAULT, request))
          .isInstanceOf(SearchAbandonedException.class);
    }
  }

  @Test
  void rejectsAQueryFromAnUnknownVector() {
    try (var fixture = new RerankFixture(GALLERY)) {
      assertThatThrownBy(
              () -> fixture.search(KReciprocal.DEFAULT, List.of(new Query.OfStored(id(999))), 1))
          .isInstanceOf(VectorNotFoundException.class);
    }
  }
}
