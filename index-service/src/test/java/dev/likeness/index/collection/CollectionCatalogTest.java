package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.SETTINGS;
import static dev.likeness.index.collection.CatalogFixture.id;
import static dev.likeness.index.collection.CatalogFixture.name;
import static dev.likeness.index.collection.CatalogFixture.nearest;
import static dev.likeness.index.collection.CatalogFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.storage.FaultingFileOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionCatalogTest {

  @TempDir private Path root;

  @Test
  void findsEverythingAgainAfterARestart() throws IOException {
    // Given
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      catalog.create(name("shoes"), SETTINGS, "request-1");
      Collection shoes = catalog.get(name("shoes"));
      put(shoes, "a", 1, 0);
      put(shoes, "b", 0, 1);
      shoes.delete(List.of(id("a")));
      catalog.setAliases(List.of(new AliasChange.Point(name("live"), name("shoes"))));
    }

    // When
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {

      // Then
      assertThat(nearest(catalog.get(name("live")), 5, 1, 1)).containsExactly("b");
      CollectionDescription described = catalog.describe(name("live"));
      assertThat(described.name()).isEqualTo(name("shoes"));
      assertThat(described.settings()).contains(SETTINGS);
      assertThat(described.createTime()).hasToString("Optional[2026-01-02T03:04:05Z]");
      assertThat(described.aliases()).containsExactly(name("live"));
      assertThat(described.failureReason()).isEmpty();
    }
  }

  @Test
  void keepsTheOldAliasesWhenTheDiskFails() throws IOException {
    FaultingFileOperations files = new FaultingFileOperations();
    try (CollectionCatalog catalog = CatalogFixture.open(root, files)) {
      catalog.create(name("old"), SETTINGS, "");
      catalog.setAliases(List.of(new AliasChange.Point(name("live"), name("old"))));
      files.failAt(2, 0.5, true);
      assertThatThrownBy(() -> catalog.setAliases(List.of(new AliasChange.Remove(name("live")))))
          .isInstanceOf(StorageFailureException.class);
      assertThat(catalog.get(name("live")).name()).isEqualTo(name("old"));
    }
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      assertThat(catalog.get(name("live")).name()).isEqualTo(name("old"));
    }
  }

  @Test
  void creationThatFailsAtAnyStepLeavesNothingOrAllOfIt() throws IOException {
    for (int step = 0; step < 14; step++) {
      FaultingFileOperations files = new FaultingFileOperations();
      Path here = root.resolve("step-" + step);
      try (CollectionCatalog catalog = CatalogFixture.open(here, files)) {
        files.failAt(step, 0.5, true);
        try {
          catalog.create(name("a"), SETTINGS, "");
          assertThat(catalog.list()).hasSize(1);
        } catch (StorageFailureException e) {
          assertThat(catalog.list()).isEmpty();
        }
      }
      try (CollectionCatalog catalog = CatalogFixture.open(here)) {
        assertThat(catalog.list()).allMatch(found -> found.failureReason().isEmpty());
      }
    }
  }

  @Test
  void clearsTheLeftoversOfACrash() throws IOException {
    Path leftover = Files.createDirectories(root.resolve("collections/.half"));
    Files.writeString(leftover.resolve("vectors.log"), "torn");
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      assertThat(catalog.list()).isEmpty();
      assertThat(leftover).doesNotExist();
    }
  }

  @Test
  void refusesADirectoryThatIsInUse() throws IOException {
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      assertThat(catalog.list()).isEmpty();
      assertThatThrownBy(() -> CatalogFixture.open(root))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process uses the index directory");
    }
  }

  @Test
  void rejectsNamesThatAreNoPlainFileNames() {
    for (String bad : List.of("", ".", "..", "a/b", "A", "-a", "x".repeat(129), "a b")) {
      assertThatThrownBy(() -> name(bad)).isInstanceOf(InvalidRequestException.class);
    }
  }
}
