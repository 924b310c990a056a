package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.SETTINGS;
import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.PayloadValue.BooleanValue;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.PayloadValue.TextValue;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Directories that earlier programs wrote, kept in {@code src/test/resources/storage}: every
 * version is read for ever, and can be written on. All hold the same vectors, an alias and a
 * snapshot.
 */
class FormatVersionsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void readsAndContinuesWhatAnEarlierProgramWrote(int version, @TempDir Path root)
      throws IOException {
    // Given
    copy(Path.of("src/test/resources/storage/version-" + version), root);

    for (int start = 0; start < 3; start++) {
      try (CollectionCatalog catalog =
          CollectionCatalog.open(
              root, CatalogFixture.resources(new FileOperations(), 1 << 24, 5000))) {
        // Then
        Collection collection = catalog.get(name("live"));
        assertThat(collection.failureReason()).isEmpty();
        assertThat(collection.settings()).isEqualTo(SETTINGS);
        verify(collection, start);
        assertThat(collection.check().problems()).isEmpty();
        catalog.restoreSnapshot(name("s"), name("restored-" + start));
        verify(catalog.get(name("restored-" + start)), 0);

        // When
        CatalogFixture.put(collection, "more-" + start, 1, 2);
      }
    }
  }

  private static void verify(Collection collection, int more) {
    for (int n = 0; n < 30; n++) {
      Optional<VectorChange.Put> found =
          collection.get(List.of(new VectorId("größe/%d.jpg".formatted(n)))).getFirst();
      if (n == 2 || n == 25) {
        assertThat(found).isEmpty();
      } else {
        int round = Math.min(2, n / 5);
        assertThat(found.orElseThrow().values()).containsExactly(n, round);
        assertThat(found.orElseThrow().payload()).isEqualTo(payload(n, round));
      }
    }
    assertThat(collection.vectorCount()).isEqualTo(28 + more);
  }

  private static Payload payload(int n, int round) {
    Map<String, PayloadValue> fields =
        Map.of(
            "round", new NumberValue(round),
            "name", new TextValue("n" + n),
            "even", new BooleanValue(n % 2 == 0));
    return n % 4 == 0 ? Payload.EMPTY : Payload.of(fields);
  }

  /** Its segment has deleted rows, which are in a file of their own. */
  @Test
  void readsDeletedRowsOfSegments(@TempDir Path root) throws IOException {
    copy(Path.of("src/test/resources/storage/version-2"), root);
    assertThat(root.resolve("collections/d")).isDirectoryContaining("glob:**/deleted-*");
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      Collection collection = catalog.get(name("d"));
      assertThat(collection.vectorCount()).isEqualTo(98);
      assertThat(collection.get(List.of(new VectorId("d7"), new VectorId("d59"))))
          .containsExactly(Optional.empty(), Optional.empty());
      assertThat(collection.check().problems()).isEmpty();
    }
  }

  /** Rows 0 to 239 lie in a segment that has a graph, which is not built again. */
  @Test
  void searchesByTheGraphsOfAnEarlierProgram(@TempDir Path root) throws IOException {
    copy(Path.of("src/test/resources/storage/graph-1"), root);
    Path graph = graphFile(root);
    byte[] written = Files.readAllBytes(graph);
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      CatalogFixture.awaitGraphs();
      CollectionName name = name("g");
      CollectionDescription.EngineUse use = catalog.describe(name).use().orElseThrow();
      assertThat(use.choice()).isEqualTo(new EngineChoice(Engine.GRAPH, 0.95));
      assertThat(use.byGraph().orElseThrow().rowCount()).isEqualTo(240);
      assertThat(use.byGraph().orElseThrow().recall()).isGreaterThanOrEqualTo(0.95);
      Collection collection = catalog.get(name);
      for (int n = 0; n < 250; n += 25) {
        assertThat(CatalogFixture.nearest(collection, 1, graphVector(n))).containsExactly("g" + n);
      }
      assertThat(collection.check().problems()).isEmpty();
    }
    assertThat(graphFile(root)).isEqualTo(graph).hasBinaryContent(written);
  }

  private static Path graphFile(Path root) throws IOException {
    try (var files = Files.list(root.resolve("collections/g"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("graph-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** What the program wrote for "g" and the number. */
  private static float[] graphVector(int n) {
    float[] values = new float[64];
    for (int i = 0; i < values.length; i++) {
      values[i] = (n * 7919 + i * 104_729 + n * i * 31) % 1009 - 504;
    }
    return values;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
