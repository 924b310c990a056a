package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.graph.GraphFixture;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections whose segments have graphs, through their whole life. */
class GraphCollectionTest {

  private static final int DIMENSION = 64;
  private static final int ROWS = 3000;
  private static final float[][] VECTORS = GraphFixture.clustered(ROWS + 30, DIMENSION, 12, 9);
  private static final CollectionName NAME = name("c");
  private static final EngineChoice GRAPH = new EngineChoice(Engine.GRAPH, 0.95);

  /** Small enough that 3,000 vectors make several segments. */
  private static final long SEAL_BYTES = 256 << 10;

  @TempDir private Path root;

  @Test
  void findsNearlyTheSameByGraphWithTheScoresOfTheExactEngine() throws IOException {
    try (CollectionCatalog catalog = open()) {
      // Given
      Collection collection = filled(catalog);
      List<SearchResult> exact = search(collection, Filter.EVERYTHING);

      // When
      catalog.chooseEngine(NAME, GRAPH);
      CatalogFixture.awaitGraphs();
      List<SearchResult> byGraph = search(collection, Filter.EVERYTHING);

      // Then
      assertThat(exact).noneMatch(SearchResult::byGraph);
      assertThat(byGraph).allMatch(SearchResult::byGraph);
      assertThat(recall(exact, byGraph)).isGreaterThan(0.9);
      assertSameScores(exact, byGraph);
      CollectionDescription description = catalog.describe(NAME);
      assertThat(description.engine()).isEqualTo("graph");
      var use = description.use().orElseThrow().byGraph().orElseThrow();
      assertThat(use.recall()).isBetween(0.95, 1.0);
      assertThat(use.rowCount()).isBetween(1000L, (long) ROWS);
    }
  }

  @Test
  void knowsItsEngineAndItsGraphsAfterARestart() throws IOException {
    try (CollectionCatalog catalog = open()) {
      filled(catalog);
      catalog.chooseEngine(NAME, GRAPH);
      CatalogFixture.awaitGraphs();
    }
    List<Path> graphs = graphFiles();
    List<Long> written = graphs.stream().map(GraphCollectionTest::modified).toList();
    try (CollectionCatalog catalog = open()) {
      CatalogFixture.awaitGraphs();
      assertThat(catalog.describe(NAME).use().orElseThrow().choice()).isEqualTo(GRAPH);
      assertThat(catalog.describe(NAME).engine()).isEqualTo("graph");
    }
    assertThat(graphs).isNotEmpty();
    assertThat(graphs.stream().map(GraphCollectionTest::modified))
        .containsExactlyElementsOf(written);
  }

  @Test
  void makesMissingAndDamagedGraphsAgainAndIsExactMeanwhile() throws IOException {
    try (CollectionCatalog catalog = open()) {
      filled(catalog);
      catalog.chooseEngine(NAME, GRAPH);
      CatalogFixture.awaitGraphs();
    }
    for (Path graph : graphFiles()) {
      byte[] bytes = Files.readAllBytes(graph);
      bytes[bytes.length / 2] ^= 1;
      Files.write(graph, bytes);
    }
    try (CollectionCatalog catalog = open()) {
      CatalogFixture.awaitGraphs();
      assertThat(catalog.describe(NAME).engine()).isEqualTo("graph");
      assertThat(catalog.get(NAME).check().problems()).isEmpty();
    }
  }

  @Test
  void aCheckFindsADamagedGraph() throws IOException {
    // Given: the graphs lie on disk but are not used
    try (CollectionCatalog catalog = open()) {
      filled(catalog);
      catalog.chooseEngine(NAME, GRAPH);
      CatalogFixture.awaitGraphs();
      assertThat(catalog.get(NAME).check().problems()).isEmpty();
      catalog.chooseEngine(NAME, EngineChoice.DEFAULT);
    }
    Path graph = graphFiles().getFirst();
    byte[] bytes = Files.readAllBytes(graph);
    bytes[bytes.length / 2] ^= 1;
    Files.write(graph, bytes);

    try (CollectionCatalog catalog = open()) {
      // When
      CollectionCheck check = catalog.get(NAME).check();

      // Then: all vectors are there nevertheless
      assertThat(check.problems())
          .singleElement()
          .asString()
          .contains(graph.getFileName().toString(), "checksum mismatch in the links");
      assertThat(check.readableCount()).isEqualTo(catalog.get(NAME).vectorCount());
    }
  }

  @Test
  void aSnapshotBringsTheEngineBack() throws IOException {
    try (CollectionCatalog catalog = open()) {
      // Given
      filled(catalog);
      catalog.createSnapshot(NAME, name("before"));
      catalog.chooseEngine(NAME, GRAPH);
      catalog.createSnapshot(NAME, name("after"));

      // When
      catalog.restoreSnapshot(name("before"), name("exact"));
      catalog.restoreSnapshot(name("after"), name("by-graph"));
      CatalogFixture.awaitGraphs();

      // Then
      assertThat(catalog.describe(name("exact")).use().orElseThrow().choice())
          .isEqualTo(EngineChoice.DEFAULT);
      assertThat(catalog.describe(name("by-graph")).use().orElseThrow().choice()).isEqualTo(GRAPH);
      assertThat(catalog.describe(name("by-graph")).engine()).isEqualTo("graph");
    }
  }

  @Test
  void leavesOutDeletedVectorsAndThoseThatAFilterDoesNotAllow() throws IOException {
    try (CollectionCatalog catalog = open()) {
      // Given
      Collection collection = filled(catalog);
      collection.delete(
          IntStream.range(0, ROWS).filter(i -> i % 9 == 0).mapToObj(i -> id(i)).toList());
      Filter even =
          new Filter.In(new FieldName("even"), Set.of(new PayloadValue.BooleanValue(true)));
      List<SearchResult> exact = search(collection, even);

      // When
      catalog.chooseEngine(NAME, GRAPH);
      CatalogFixture.awaitGraphs();
      List<SearchResult> byGraph = search(collection, even);

      // Then
      assertThat(byGraph).anyMatch(SearchResult::byGraph);
      assertThat(recall(exact, byGraph)).isGreaterThan(0.9);
      for (SearchResult result : byGraph) {
        assertThat(result.matchingCount()).isEqualTo(exact.getFirst().matchingCount());
        for (Neighbor neighbor : result.answers().getFirst().neighbors()) {
          int number = Integer.parseInt(neighbor.id().value());
          assertThat(number % 2).isZero();
          assertThat(number % 9).isNotZero();
        }
      }
    }
  }

  @Test
  void showsWhatIsWrittenAtOnceAndLeavesOutTheQuery() throws IOException {
    try (CollectionCatalog catalog = open()) {
      Collection collection = filled(catalog);
      catalog.chooseEngine(NAME, GRAPH);
      CatalogFixture.awaitGraphs();
      put(collection, ROWS, VECTORS[5]);
      Neighbor nearest =
          collection
              .search(
                  List.of(new Query.OfStored(id(5))),
                  3,
                  Filter.EVERYTHING,
                  Optional.empty(),
                  () -> false)
              .answers()
              .getFirst()
              .neighbors()
              .getFirst();
      assertThat(nearest.id()).isEqualTo(id(ROWS));
    }
  }

  @Test
  void isExactAgainAtOnceWhenThatIsChosen() throws IOException {
    try (CollectionCatalog catalog = open()) {
      Collection collection = filled(catalog);
      List<SearchResult> exact = search(collection, Filter.EVERYTHING);
      catalog.chooseEngine(NAME, GRAPH);
      CatalogFixture.awaitGraphs();
      catalog.chooseEngine(NAME, new EngineChoice(Engine.EXACT, 0.95));
      assertThat(search(collection, Filter.EVERYTHING)).isEqualTo(exact);
      assertThat(catalog.describe(NAME).use().orElseThrow().byGraph()).isEmpty();
    }
  }

  @Test
  void choosesBySizeWhereThatIsAskedFor() throws IOException {
    try (CollectionCatalog catalog = open()) { // 2,000 in the settings of the fixture
      filled(catalog);
      CollectionName small = name("small");
      catalog.create(small, new CollectionSettings(DIMENSION, Similarity.COSINE, ""), "");
      catalog.chooseEngine(small, new EngineChoice(Engine.AUTO, 0.95));
      catalog.chooseEngine(NAME, new EngineChoice(Engine.AUTO, 0.95));
      CatalogFixture.awaitGraphs();
      assertThat(catalog.describe(NAME).engine()).isEqualTo("graph");
      assertThat(catalog.describe(small).engine()).isEqualTo("exact");
    }
  }

  @Test
  void searchesExactlyWhereNoGraphReachesTheRecall() throws IOException {
    try (CollectionCatalog catalog = open()) {
      Collection collection = filled(catalog);
      List<SearchResult> exact = search(collection, Filter.EVERYTHING);
      catalog.chooseEngine(NAME, new EngineChoice(Engine.GRAPH, 1));
      CatalogFixture.awaitGraphs();
      assertThat(recall(exact, search(collection, Filter.EVERYTHING))).isGreaterThan(0.99);
    }
  }

  @Test
  void refusesSenselessRecall() {
    for (double recall : new double[] {0, 0.49, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> new EngineChoice(Engine.GRAPH, recall))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("target_recall");
    }
  }

  private CollectionCatalog open() throws IOException {
    return CollectionCatalog.open(
        root, CatalogFixture.resources(new FileOperations(), 256 << 20, SEAL_BYTES));
  }

  private static Collection filled(CollectionCatalog catalog) {
    catalog.create(NAME, new CollectionSettings(DIMENSION, Similarity.COSINE, ""), "");
    Collection collection = catalog.get(NAME);
    for (int row = 0; row < ROWS; row += 100) {
      UpsertBatch batch = collection.newBatch();
      for (int i = row; i < row + 100; i++) {
        VectorInput input = input(i, VECTORS[i]);
        batch.add(() -> input);
      }
      batch.commit();
    }
    return collection;
  }

  private static void put(Collection collection, int number, float[] values) {
    UpsertBatch batch = collection.newBatch();
    batch.add(() -> input(number, values));
    batch.commit();
  }

  private static VectorInput input(int number, float[] values) {
    Payload payload = Payload.of(Map.of("even", new PayloadValue.BooleanValue(number % 2 == 0)));
    return new VectorInput(id(number), payload, values.clone());
  }

  private static VectorId id(int number) {
    return new VectorId(Integer.toString(number));
  }

  private static List<SearchResult> search(Collection collection, Filter filter) {
    List<SearchResult> results = new ArrayList<>();
    for (int q = ROWS; q < VECTORS.length; q++) {
      results.add(
          collection.search(
              List.of(collection.query("query", VECTORS[q])),
              10,
              filter,
              Optional.empty(),
              () -> false));
    }
    return results;
  }

  private static double recall(List<SearchResult> exact, List<SearchResult> found) {
    int right = 0;
    int wanted = 0;
    for (int q = 0; q < exact.size(); q++) {
      List<VectorId> truth = ids(exact.get(q));
      wanted += truth.size();
      right += (int) ids(found.get(q)).stream().filter(truth::contains).count();
    }
    return (double) right / wanted;
  }

  private static void assertSameScores(List<SearchResult> exact, List<SearchResult> found) {
    for (int q = 0; q < exact.size(); q++) {
      for (Neighbor neighbor : found.get(q).answers().getFirst().neighbors()) {
        exact.get(q).answers().getFirst().neighbors().stream()
            .filter(other -> other.id().equals(neighbor.id()))
            .forEach(
                other ->
                    assertThat(Float.floatToRawIntBits(neighbor.score()))
                        .isEqualTo(Float.floatToRawIntBits(other.score())));
      }
    }
  }

  private static List<VectorId> ids(SearchResult result) {
    return result.answers().getFirst().neighbors().stream().map(Neighbor::id).toList();
  }

  private List<Path> graphFiles() throws IOException {
    try (var paths = Files.list(root.resolve("collections/c"))) {
      return paths.filter(path -> path.getFileName().toString().startsWith("graph-")).toList();
    }
  }

  private static long modified(Path path) {
    return path.toFile().lastModified();
  }
}
