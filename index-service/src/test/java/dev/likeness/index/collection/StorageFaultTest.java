package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.SETTINGS;
import static dev.likeness.index.collection.CatalogFixture.id;
import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.error.IndexException;
import dev.likeness.index.storage.FaultingFileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A disk that fails at each step, one after the other, of a life that seals, merges and deletes: no
 * step is left out.
 */
class StorageFaultTest {

  private static final int BATCHES = 14;
  private static final int IDS = 6;

  /** What is known about a vector: its version, or that it is absent. */
  private record Known(Optional<Integer> acknowledged, Optional<Optional<Integer>> attempted) {}

  @ParameterizedTest
  @CsvSource({
    "0, true, 4500",
    "0.5, true, 9000", // long enough for the log to go on in a prepared file before it is sealed
    "1, true, 4500",
    "0, false, 4500",
    "0.5, false, 9000",
    "1, false, 4500"
  })
  void losesNothingAcknowledgedAndInventsNothing(
      double shareWritten, boolean once, long sealBytes, @TempDir Path root) throws IOException {
    int step = 0;
    for (boolean reached = true; reached; step++) {
      // Given
      Path here = root.resolve("step-" + step);
      FaultingFileOperations files = new FaultingFileOperations();
      Map<String, Known> known = new TreeMap<>();
      CollectionCatalog catalog = open(here, files, sealBytes);
      catalog.create(name("c"), SETTINGS, "");
      files.failAt(step, shareWritten, once);

      // When
      live(catalog.get(name("c")), known);
      reached = files.steps() > step;
      files.repair();
      catalog.close();

      // Then
      try (CollectionCatalog again = open(here, new FaultingFileOperations(), sealBytes)) {
        Collection collection = again.get(name("c"));
        String where = "fault at step %d".formatted(step);
        assertThat(collection.failureReason()).as(where).isEmpty();
        assertThat(collection.check().problems()).as(where).isEmpty();
        verify(collection, known, where);
      }
    }
    assertThat(step).as("steps tried").isGreaterThan(100);
  }

  private static CollectionCatalog open(Path root, FaultingFileOperations files, long sealBytes)
      throws IOException {
    return CollectionCatalog.open(root, CatalogFixture.resources(files, 1 << 20, sealBytes));
  }

  /** Each batch writes three vectors; every third one then deletes one of them. */
  private static void live(Collection collection, Map<String, Known> known) {
    for (int batch = 0; batch < BATCHES; batch++) {
      int version = batch;
      List<String> ids = List.of(idOf(batch), idOf(batch + 1), idOf(batch + 3));
      attempt(
          known,
          ids,
          Optional.of(version),
          () -> {
            UpsertBatch upsert = collection.newBatch();
            for (String id : ids) {
              upsert.add(
                  () -> new VectorInput(new VectorId(id), Payload.EMPTY, new float[] {1, version}));
            }
            upsert.commit();
          });
      if (batch % 3 == 2) {
        List<String> gone = List.of(idOf(batch));
        attempt(known, gone, Optional.empty(), () -> collection.delete(List.of(id(gone.get(0)))));
      }
    }
  }

  private static void attempt(
      Map<String, Known> known, List<String> ids, Optional<Integer> version, Runnable write) {
    try {
      write.run();
      ids.forEach(id -> known.put(id, new Known(version, Optional.empty())));
    } catch (IndexException e) {
      for (String id : ids) {
        Known before = known.getOrDefault(id, new Known(Optional.empty(), Optional.empty()));
        // the first failed write may be on disk, later ones were refused without being tried
        known.put(
            id,
            before.attempted().isPresent()
                ? before
                : new Known(before.acknowledged(), Optional.of(version)));
      }
    }
  }

  private static void verify(Collection collection, Map<String, Known> known, String where) {
    for (int i = 0; i < IDS; i++) {
      String id = idOf(i);
      Optional<Integer> found =
          collection.get(List.of(id(id))).getFirst().map(StorageFaultTest::version);
      Known expected = known.getOrDefault(id, new Known(Optional.empty(), Optional.empty()));
      boolean fits =
          found.equals(expected.acknowledged())
              || expected.attempted().filter(found::equals).isPresent();
      assertThat(fits).as("%s: %s is %s, known %s", where, id, found, expected).isTrue();
    }
    assertThat(collection.vectorCount()).as(where).isLessThanOrEqualTo(IDS);
  }

  private static int version(VectorChange.Put put) {
    return (int) put.values()[1];
  }

  private static String idOf(int number) {
    return "v" + number % IDS;
  }
}
