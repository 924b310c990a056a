package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.SETTINGS;
import static dev.likeness.index.collection.CatalogFixture.id;
import static dev.likeness.index.collection.CatalogFixture.name;
import static dev.likeness.index.collection.CatalogFixture.nearest;
import static dev.likeness.index.collection.CatalogFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.CollectionDamagedException;
import dev.likeness.index.error.CollectionReadOnlyException;
import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.error.SnapshotDamagedException;
import dev.likeness.index.error.SnapshotExistsException;
import dev.likeness.index.error.SnapshotNotFoundException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.storage.FaultingFileOperations;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Similarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionTest {

  @TempDir private Path root;

  @Test
  void damagedCollectionSaysSoAndTheOthersServe() throws IOException {
    // Given
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      put(created(catalog, SETTINGS), "a", 1, 0);
      catalog.create(name("other"), SETTINGS, "");
      put(catalog.get(name("other")), "b", 1, 0);
    }
    flip(root.resolve("collections/c/vectors.log"), -3);

    // When
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      Collection damaged = catalog.get(name("c"));

      // Then
      assertThatThrownBy(() -> nearest(damaged, 1, 1, 0))
          .isInstanceOf(CollectionDamagedException.class)
          .hasMessageContaining("batch 1 is unreadable although it was acknowledged");
      assertThatThrownBy(damaged::newBatch).isInstanceOf(CollectionDamagedException.class);
      CollectionCheck check = damaged.check();
      assertThat(check.passed()).isFalse();
      assertThat(check.acknowledgedCount()).isEmpty();
      assertThat(check.readableCount()).isZero();
      assertThat(nearest(catalog.get(name("other")), 1, 1, 0)).containsExactly("b");
      catalog.delete(name("c"));
      assertThat(catalog.list()).hasSize(1);
    }
  }

  @Test
  void damagedManifestIsReported() throws IOException {
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      created(catalog, SETTINGS);
    }
    flip(root.resolve("collections/c/manifest"), 40);
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      assertThat(catalog.describe(name("c")).settings()).isEmpty();
      assertThat(catalog.describe(name("c")).failureReason().orElseThrow())
          .contains("checksum mismatch");
    }
  }

  @Test
  void checkComparesDiskAndMemory() throws IOException {
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      // Given
      Collection collection = created(catalog, SETTINGS);
      put(collection, "a", 1, 0);
      put(collection, "b", 1, 0);
      put(collection, "a", 2, 0);
      collection.delete(List.of(id("b")));

      // When
      CollectionCheck intact = collection.check();
      flip(root.resolve("collections/c/vectors.log"), -3);
      CollectionCheck damaged = collection.check();

      // Then
      assertThat(intact.problems()).isEmpty();
      assertThat(intact.acknowledgedCount()).hasValue(1);
      assertThat(intact.readableCount()).isEqualTo(1);
      assertThat(damaged.passed()).isFalse();
      assertThat(damaged.problems()).anyMatch(problem -> problem.contains("batch 4"));
    }
  }

  @Test
  void goesReadOnlyAfterAFailedForceAndRecovers() throws IOException {
    FaultingFileOperations files = new FaultingFileOperations();
    try (CollectionCatalog catalog = CatalogFixture.open(root, files)) {
      Collection collection = created(catalog, SETTINGS);
      put(collection, "a", 1, 0);
      files.failAt(1, 0, true);
      assertThatThrownBy(() -> put(collection, "b", 1, 0))
          .isInstanceOf(StorageFailureException.class);
      assertThatThrownBy(() -> put(collection, "b", 1, 0))
          .isInstanceOf(CollectionReadOnlyException.class)
          .hasMessageContaining("restart the index service");
      assertThat(nearest(collection, 9, 1, 0)).containsExactly("a");
    }
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      assertThat(nearest(catalog.get(name("c")), 9, 1, 0)).containsExactly("a");
    }
  }

  @Test
  void refusesWritesBeyondTheMemoryLimitBeforeTheyAreLogged() throws IOException {
    IndexResources resources = CatalogFixture.resources(new FileOperations(), 101_000);
    try (CollectionCatalog catalog = CollectionCatalog.open(root, resources)) {
      Collection collection =
          created(catalog, new CollectionSettings(100, Similarity.INNER_PRODUCT, ""));
      for (int i = 0; i < 192; i++) {
        put(collection, "v" + i, new float[100]);
      }
      assertThatThrownBy(() -> put(collection, "one more", new float[100]))
          .isInstanceOf(IndexFullException.class);
      assertThat(collection.check().readableCount()).isEqualTo(192);
    }
  }

  @Test
  void restoresASnapshotAsItWas() throws IOException {
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      // Given
      Collection collection = created(catalog, SETTINGS);
      put(collection, "a", 1, 0);
      put(collection, "b", 2, 0);
      collection.delete(List.of(id("a")));
      SnapshotDescription snapshot = catalog.createSnapshot(name("c"), name("monday"));
      put(collection, "later", 3, 0);

      // When
      CollectionDescription restored = catalog.restoreSnapshot(name("monday"), name("d"));

      // Then
      assertThat(snapshot.vectorCount()).isEqualTo(1);
      assertThat(restored.settings()).contains(SETTINGS);
      assertThat(nearest(catalog.get(name("d")), 9, 1, 0)).containsExactly("b");
      put(catalog.get(name("d")), "new", 5, 0);
      assertThat(catalog.get(name("d")).check().passed()).isTrue();
      assertThatThrownBy(() -> catalog.createSnapshot(name("c"), name("monday")))
          .isInstanceOf(SnapshotExistsException.class);
      assertThatThrownBy(() -> catalog.restoreSnapshot(name("never"), name("e")))
          .isInstanceOf(SnapshotNotFoundException.class);
    }
  }

  @Test
  void restoresNothingFromADamagedSnapshot() throws IOException {
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      put(created(catalog, SETTINGS), "a", 1, 0);
      catalog.createSnapshot(name("c"), name("monday"));
      flip(root.resolve("snapshots/monday/vectors.log"), -3);
      assertThatThrownBy(() -> catalog.restoreSnapshot(name("monday"), name("d")))
          .isInstanceOf(SnapshotDamagedException.class);
      assertThat(catalog.list()).hasSize(1);
      assertThat(root.resolve("collections")).isDirectoryNotContaining("glob:**/*d");
    }
  }

  @Test
  void sealsALogThatIsMostlyDead() throws IOException {
    // Given
    var settings = new CollectionSettings(512, Similarity.INNER_PRODUCT, "");
    long before;
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      Collection collection = created(catalog, settings);
      for (int i = 0; i < 1500; i++) {
        float[] values = new float[512];
        values[0] = i;
        put(collection, "v" + i % 300, values);
      }
      before = catalog.describe(name("c")).sizeBytes();
    }

    for (int start = 0; start < 2; start++) {
      // When
      try (CollectionCatalog catalog = CatalogFixture.open(root)) {
        Collection collection = catalog.get(name("c"));

        // Then
        assertThat(catalog.describe(name("c")).sizeBytes()).isLessThan(before / 3);
        assertThat(collection.vectorCount()).isEqualTo(300 + start);
        float[] query = new float[512];
        query[0] = 1;
        assertThat(nearest(collection, 2, query)).contains("v299");
        put(collection, "after", query);
        assertThat(collection.check().passed()).isTrue();
      }
    }
  }

  private static Collection created(CollectionCatalog catalog, CollectionSettings settings) {
    catalog.create(name("c"), settings, "");
    return catalog.get(name("c"));
  }

  /** Flips one bit; a negative position counts from the end. */
  private static void flip(Path file, int position) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[position < 0 ? bytes.length + position : position] ^= 1;
    Files.write(file, bytes);
  }
}
