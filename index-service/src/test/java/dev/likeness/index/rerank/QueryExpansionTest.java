package dev.likeness.index.rerank;

import static dev.likeness.index.rerank.RerankFixture.assertRankings;
import static dev.likeness.index.rerank.RerankFixture.id;
import static dev.likeness.index.rerank.RerankFixture.queries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryExpansionTest {

  private static final float[][] GALLERY = NumpyMatrix.read("/rerank/gallery.npy");
  private static final float[][] QUERIES = NumpyMatrix.read("/rerank/query.npy");

  @Test
  void ranksAsTheReferenceDoes() {
    try (var fixture = new RerankFixture(GALLERY)) {
      List<NeighborList> answers = fixture.search(QueryExpansion.DEFAULT, queries(QUERIES), 300);
      assertThat(answers).allMatch(list -> list.neighbors().size() == 300);
      assertRankings(answers, NumpyMatrix.read("/rerank/alpha_query_expansion.similarity.npy"));
    }
  }

  @Test
  void answersEachQueryAsIfItWereAlone() {
    List<Query> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      many.addAll(queries(QUERIES));
    }
    try (var fixture = new RerankFixture(GALLERY)) {
      List<NeighborList> answers = fixture.search(QueryExpansion.DEFAULT, many, 5);
      assertThat(answers).hasSize(600);
      assertThat(answers.subList(540, 600)).isEqualTo(answers.subList(0, 60));
      assertThat(fixture.search(QueryExpansion.DEFAULT, many.subList(7, 8), 5))
          .isEqualTo(answers.subList(7, 8));
    }
  }

  @Test
  void leavesTheVectorOutThatAQueryStartsFrom() {
    try (var fixture = new RerankFixture(GALLERY)) {
      List<NeighborList> answers =
          fixture.search(QueryExpansion.DEFAULT, List.of(new Query.OfStored(id(7))), 1000);
      assertThat(answers.getFirst().neighbors())
          .hasSize(299)
          .extracting(Neighbor::id)
          .doesNotContain(id(7));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, n",
    "-1, 3, n",
    "101, 3, n",
    "10, -1, alpha",
    "10, 20.5, alpha",
    "10, NaN, alpha"
  })
  void rejectsParametersOutsideTheirRange(int n, double alpha, String field) {
    assertThatThrownBy(() -> new QueryExpansion(n, alpha))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("reranking.query_expansion." + field + ": must be ");
  }

  @Test
  void rejectsAQueryFromAnUnknownVector() {
    try (var fixture = new RerankFixture(GALLERY)) {
      assertThatThrownBy(
              () -> fixture.search(QueryExpansion.DEFAULT, List.of(new Query.OfStored(id(999))), 1))
          .isInstanceOf(VectorNotFoundException.class);
    }
  }
}
