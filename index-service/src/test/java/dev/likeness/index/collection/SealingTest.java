package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.SETTINGS;
import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that are sealed, and segments that are merged, while a collection is used. */
class SealingTest {

  /** A few batches per segment, and the first log goes on in a prepared file. */
  private static final long SEAL_BYTES = 9000;

  @TempDir private Path root;

  private CollectionCatalog open() throws IOException {
    return CollectionCatalog.open(
        root, CatalogFixture.resources(new FileOperations(), 64 << 20, SEAL_BYTES));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void holdsWhatAMapWouldHoldThroughSealingMergingAndRestarts(long seed) throws IOException {
    // Given
    Random random = new Random(seed);
    Map<String, Integer> expected = new TreeMap<>();
    CollectionCatalog catalog = open();
    catalog.create(name("c"), SETTINGS, "");
    try {
      for (int step = 0; step < 300; step++) {
        Collection collection = catalog.get(name("c"));

        // When
        if (random.nextInt(4) == 0) {
          List<String> ids = randomIds(random);
          long present = ids.stream().distinct().filter(expected::containsKey).count();
          assertThat(collection.delete(ids.stream().map(VectorId::new).toList()))
              .as("seed %d, step %d", seed, step)
              .isEqualTo((int) present);
          ids.forEach(expected::remove);
        } else {
          UpsertBatch batch = collection.newBatch();
          for (String id : randomIds(random)) {
            int version = random.nextInt(1000);
            batch.add(() -> input(id, version));
            expected.put(id, version);
          }
          batch.commit();
        }
        if (random.nextInt(40) == 0) {
          catalog.close();
          catalog = open();
        }

        // Then
        if (step % 10 == 0) {
          verify(catalog.get(name("c")), expected, "seed %d, step %d".formatted(seed, step));
        }
      }
      assertThat(catalog.get(name("c")).check().problems()).isEmpty();
      List<String> files = names(root.resolve("collections/c"));
      assertThat(files).filteredOn(file -> file.startsWith("segment-")).hasSizeBetween(1, 8);
      assertThat(files).filteredOn(file -> file.startsWith("vectors")).hasSizeBetween(1, 2);
    } finally {
      catalog.close();
    }
  }

  @Test
  void aLogGoesOnInAPreparedFileBeforeItIsSealed() throws IOException {
    Map<String, Integer> expected = new TreeMap<>();
    try (CollectionCatalog catalog = open()) {
      // Given
      catalog.create(name("c"), SETTINGS, "");
      Path directory = root.resolve("collections/c");

      // When
      fill(catalog.get(name("c")), new Random(5), expected, 1);

      // Then
      assertThat(names(directory)).contains("vectors.log", "vectors-2.log");
      assertThat(directory.resolve("vectors-2.log")).hasSize(SEAL_BYTES);
      fill(catalog.get(name("c")), new Random(6), expected, 1);
      assertThat(directory.resolve("vectors-2.log")).hasSize(SEAL_BYTES);
      verify(catalog.get(name("c")), expected, "while it is open");
      assertThat(catalog.get(name("c")).check().problems()).isEmpty();
    }
    try (CollectionCatalog catalog = open()) {
      verify(catalog.get(name("c")), expected, "opened again");
    }
  }

  @Test
  void givesBackTheRoomOfDeletedRows() throws IOException {
    try (CollectionCatalog catalog = open()) {
      // Given
      catalog.create(name("c"), SETTINGS, "");
      Collection collection = catalog.get(name("c"));
      for (int round = 0; round < 200; round++) {
        UpsertBatch batch = collection.newBatch();
        for (int i = 0; i < 20; i++) {
          String id = "v" + i;
          int version = round;
          batch.add(() -> input(id, version));
        }

        // When
        batch.commit();
      }

      // Then: twenty rows are alive; the log is bounded by the size from which it is sealed
      assertThat(collection.vectorCount()).isEqualTo(20);
      assertThat(catalog.describe(name("c")).sizeBytes()).isLessThan(6 * SEAL_BYTES + 100_000);
      assertThat(collection.check().problems()).isEmpty();
    }
  }

  @Test
  void aSnapshotOfSealedRowsIsRestoredWhole() throws IOException {
    try (CollectionCatalog catalog = open()) {
      // Given
      catalog.create(name("c"), SETTINGS, "");
      Map<String, Integer> expected = new TreeMap<>();
      Random random = new Random(9);
      fill(catalog.get(name("c")), random, expected, 60);

      // When
      SnapshotDescription snapshot = catalog.createSnapshot(name("c"), name("s"));
      catalog.get(name("c")).delete(List.of(new VectorId(expected.keySet().iterator().next())));
      catalog.restoreSnapshot(name("s"), name("back"));

      // Then
      assertThat(snapshot.vectorCount()).isEqualTo(expected.size());
      verify(catalog.get(name("back")), expected, "restored");
      assertThat(catalog.get(name("back")).check().problems()).isEmpty();
    }
  }

  @Test
  void aFlippedBitInASegmentTakesTheCollectionOutOfServiceAndIsNotCopied() throws IOException {
    // Given
    try (CollectionCatalog catalog = open()) {
      catalog.create(name("c"), SETTINGS, "");
      fill(catalog.get(name("c")), new Random(3), new TreeMap<>(), 60);
    }
    Path segment =
        names(root.resolve("collections/c")).stream()
            .filter(file -> file.startsWith("segment-"))
            .map(root.resolve("collections/c")::resolve)
            .findFirst()
            .orElseThrow();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[4096] ^= 1;

    // When
    Files.write(segment, bytes);

    // Then
    try (CollectionCatalog catalog = open()) {
      assertThat(catalog.get(name("c")).failureReason().orElseThrow())
          .contains("checksum mismatch in section 1 at byte 4096 of " + segment.getFileName());
      assertThat(catalog.get(name("c")).check().passed()).isFalse();
    }
  }

  @Test
  void aMissingFileIsReported() throws IOException {
    for (String prefix : List.of("segment-", "vectors", "store")) {
      try (CollectionCatalog catalog = open()) {
        catalog.create(name(prefix + "c"), SETTINGS, "");
        fill(catalog.get(name(prefix + "c")), new Random(3), new TreeMap<>(), 60);
      }
      Path directory = root.resolve("collections/" + prefix + "c");
      for (String file : names(directory)) {
        if (file.startsWith(prefix)) {
          Files.delete(directory.resolve(file));
          break;
        }
      }
      try (CollectionCatalog catalog = open()) {
        assertThat(catalog.get(name(prefix + "c")).failureReason().orElse(""))
            .as(prefix)
            .contains("the file is missing");
      }
    }
  }

  private static void fill(
      Collection collection, Random random, Map<String, Integer> expected, int batches) {
    for (int i = 0; i < batches; i++) {
      UpsertBatch batch = collection.newBatch();
      for (String id : randomIds(random)) {
        int version = random.nextInt(1000);
        batch.add(() -> input(id, version));
        expected.put(id, version);
      }
      batch.commit();
    }
  }

  private static void verify(Collection collection, Map<String, Integer> expected, String where) {
    assertThat(collection.failureReason()).as(where).isEmpty();
    assertThat(collection.vectorCount()).as(where).isEqualTo(expected.size());
    List<VectorId> ids = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      ids.add(new VectorId("v" + i));
    }
    List<Optional<VectorChange.Put>> found = collection.get(ids);
    for (int i = 0; i < ids.size(); i++) {
      Integer version = expected.get(ids.get(i).value());
      assertThat(found.get(i).map(put -> (int) put.values()[1]))
          .as("%s, %s", where, ids.get(i))
          .isEqualTo(Optional.ofNullable(version));
    }
    List<Neighbor> all =
        collection
            .search(
                List.of(collection.query("q", new float[] {0, 1})),
                50,
                Filter.EVERYTHING,
                Optional.empty(),
                () -> false)
            .answers()
            .getFirst()
            .neighbors();
    List<String> nearest =
        expected.entrySet().stream()
            .sorted(
                Comparator.comparing(Map.Entry<String, Integer>::getValue)
                    .reversed()
                    .thenComparing(Map.Entry::getKey))
            .limit(50)
            .map(Map.Entry::getKey)
            .toList();
    assertThat(all).as(where).extracting(neighbor -> neighbor.id().value()).isEqualTo(nearest);
  }

  private static VectorInput input(String id, int version) {
    Payload payload = Payload.of(Map.of("version", new NumberValue(version)));
    return new VectorInput(new VectorId(id), payload, new float[] {1, version});
  }

  private static List<String> randomIds(Random random) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(30); i++) {
      ids.add("v" + random.nextInt(400));
    }
    return ids;
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
