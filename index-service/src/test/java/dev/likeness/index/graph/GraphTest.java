package dev.likeness.index.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {

  private static final int ROWS = 4000;
  private static final int DIMENSION = 32;
  private static final float[][] DATA = GraphFixture.clustered(ROWS + 50, DIMENSION, 20, 5);
  private static final float[][] VECTORS = Arrays.copyOf(DATA, ROWS);
  private static final float[][] QUERIES = Arrays.copyOfRange(DATA, ROWS, ROWS + 50);
  private static final CodedRows CODED = GraphFixture.coded(VECTORS, Arena.global());
  private static final Graph GRAPH = GraphFixture.graph(CODED, 2, Arena.global());

  @Test
  void findsNearlyAllNeighborsAndMoreWithMoreCandidates() {
    BitSet all = all(ROWS);
    double narrow = GraphFixture.recall(GRAPH, CODED, VECTORS, QUERIES, 10, 12, all);
    double wide = GraphFixture.recall(GRAPH, CODED, VECTORS, QUERIES, 10, 120, all);
    assertThat(wide).isGreaterThan(0.97).isGreaterThan(narrow);
    assertThat(narrow).isGreaterThan(0.5);
  }

  @Test
  void looksAtFewRows() {
    try (GraphSearcher searcher = GRAPH.searcher(CODED, GraphFixture.KERNEL)) {
      assertThat(searcher.search(QUERIES[0], 20, RowFilter.ALL)).isBetween(20L, ROWS / 4L);
    }
  }

  @Test
  void isTheSameWhateverTheNumberOfThreads() {
    Graph other = GraphFixture.graph(CODED, 3, Arena.global());
    List<MemorySegment> parts = GraphLayout.parts(GRAPH);
    List<MemorySegment> others = GraphLayout.parts(other);
    for (int part = 0; part < parts.size(); part++) {
      assertThat(parts.get(part).mismatch(others.get(part))).isEqualTo(-1);
    }
    assertThat(other.recall()).isEqualTo(GRAPH.recall());
  }

  @Test
  void leadsThroughRowsThatMayNotBeAnswered() {
    BitSet tenth = new BitSet();
    for (int row = 0; row < ROWS; row += 10) {
      tenth.set(row);
    }
    assertThat(GraphFixture.recall(GRAPH, CODED, VECTORS, QUERIES, 10, 60, tenth))
        .isGreaterThan(0.97);
  }

  @Test
  void doesNotGetWorseWhenRowsAreDeleted() {
    BitSet alive = all(ROWS);
    double before = GraphFixture.recall(GRAPH, CODED, VECTORS, QUERIES, 10, 60, alive);
    for (int row = 0; row < ROWS; row++) {
      if (row % 5 == 0) {
        alive.clear(row);
      }
    }
    assertThat(GraphFixture.recall(GRAPH, CODED, VECTORS, QUERIES, 10, 60, alive))
        .isGreaterThan(before - 0.01);
  }

  @Test
  void findsTheOnlyRowThatIsAllowed() {
    BitSet one = new BitSet();
    one.set(1234);
    assertThat(GraphFixture.recall(GRAPH, CODED, VECTORS, QUERIES, 10, 10, one)).isEqualTo(1);
  }

  @Test
  void reachesEveryRowEvenAmongManyEqualOnes() {
    // Given
    float[][] rows = GraphFixture.clustered(1500, DIMENSION, 3, 6);
    for (int row = 300; row < 1200; row++) {
      rows[row] = rows[row % 2];
    }
    CodedRows coded = GraphFixture.coded(rows, Arena.global());

    // When
    Graph graph = GraphFixture.graph(coded, 2, Arena.global());

    // Then
    try (GraphSearcher searcher = graph.searcher(coded, GraphFixture.KERNEL)) {
      searcher.search(rows[700], 1500, RowFilter.ALL);
      assertThat(searcher.found()).isEqualTo(1500);
    }
  }

  @Test
  void hasNoMoreLinksThanAllowed() {
    int[] links = new int[GRAPH.base().degree()];
    for (int row = 0; row < ROWS; row++) {
      int count = GRAPH.base().read(row, links);
      assertThat(count).isBetween(1, 16);
      assertThat(Arrays.stream(links, 0, count).distinct().count()).isEqualTo(count);
      int self = row;
      assertThat(Arrays.stream(links, 0, count)).noneMatch(link -> link == self);
    }
  }

  @Test
  void measuresItsRecallOnRowsThatItDidNotKnow() {
    // Given: what a search for these rows would find is known for other queries
    RecallCurve.Choice choice = GRAPH.recall().choose(10, 0.95).orElseThrow();

    // When
    double found =
        GraphFixture.recall(GRAPH, CODED, VECTORS, QUERIES, 10, choice.width(), all(ROWS));

    // Then
    assertThat(choice.recall()).isBetween(0.95, 1.0);
    assertThat(found).isGreaterThan(0.9);
  }

  @Test
  void buildsGraphsOfFewRows() {
    for (int count : new int[] {1, 2, 3, 17}) {
      float[][] rows = GraphFixture.clustered(count, DIMENSION, 2, count);
      CodedRows coded = GraphFixture.coded(rows, Arena.global());
      Graph graph = GraphFixture.graph(coded, 2, Arena.global());
      try (GraphSearcher searcher = graph.searcher(coded, GraphFixture.KERNEL)) {
        searcher.search(rows[0], count, RowFilter.ALL);
        assertThat(searcher.found()).isEqualTo(count);
      }
      assertThat(graph.recall().choose(10, 0.5)).isEmpty();
    }
  }

  @Test
  void stopsWhenNobodyWantsTheGraphAnyMore() {
    try (BuildThreads threads = new BuildThreads(2)) {
      assertThatThrownBy(
              () ->
                  GraphBuilder.build(
                      CODED,
                      GraphParameters.DEFAULT,
                      GraphFixture.KERNEL,
                      threads,
                      Arena.ofAuto(),
                      () -> true))
          .isInstanceOf(BuildStoppedException.class);
    }
  }

  @Test
  void refusesSenselessParameters() {
    assertThatThrownBy(() -> new GraphParameters(3, 100)).hasMessageContaining("links");
    assertThatThrownBy(() -> new GraphParameters(32, 31)).hasMessageContaining("beamWidth");
  }

  private static BitSet all(int count) {
    BitSet all = new BitSet();
    all.set(0, count);
    return all;
  }
}
