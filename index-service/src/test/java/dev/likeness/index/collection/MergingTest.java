package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When segments are merged. */
class MergingTest {

  private static final long SEAL_BYTES = 9000;

  /** Its record is longer than an eighth of the bytes that are sealed. */
  private static final int MANY = 5;

  /** Their records fill a log. */
  private static final int ENOUGH = 35;

  private static final CollectionSettings SETTINGS =
      new CollectionSettings(64, Similarity.INNER_PRODUCT, "");

  @TempDir private Path root;

  /** Upkeep, in the thread of the test, but never within itself. */
  private final Queue<Runnable> due = new ArrayDeque<>();

  private final Queue<Runnable> later = new ArrayDeque<>();
  private int written;

  @Test
  void segmentsAreMergedWhenNothingIsWrittenAnyMore() throws IOException {
    try (CollectionCatalog catalog = open(due::add)) {
      Collection collection = collection(catalog);
      for (int segments = 1; segments <= 12; segments++) {
        seal(collection);
        assertThat(segments()).isEqualTo(segments);
      }
      lookAgain();
      assertThat(segments()).as("much was written since it was put off").isEqualTo(12);
      lookAgain();
      assertThat(segments()).as("four became one three times").isEqualTo(3);
      assertThat(later).isEmpty();
      verify(collection);
    }
  }

  @Test
  void mergingWaitsWhileMuchIsWrittenButNotWithoutEnd() throws IOException {
    try (CollectionCatalog catalog = open(due::add)) {
      // Given
      Collection collection = collection(catalog);
      for (int segments = 1; segments < 16; segments++) {
        seal(collection);
        assertThat(segments()).isEqualTo(segments);
        if (!later.isEmpty()) {
          write(collection, MANY);

          // When
          lookAgain();

          // Then
          assertThat(segments()).as("much was written").isEqualTo(segments);
        }
      }
      seal(collection);
      assertThat(segments()).as("four of the sixteen became one").isEqualTo(13);
      lookAgain();
      write(collection, 1);
      lookAgain();
      assertThat(segments()).as("little was written").isEqualTo(1);
      assertThat(later).isEmpty();
      verify(collection);
    }
    try (CollectionCatalog catalog = open(Runnable::run)) {
      verify(catalog.get(name("c")));
    }
  }

  @Test
  void mergingIsNotForgottenWhileUpkeepIsStopped() throws IOException {
    try (CollectionCatalog catalog = open(due::add)) {
      // Given: one looks again just when the files are to be left alone
      Collection collection = collection(catalog);
      for (int segments = 1; segments <= 4; segments++) {
        seal(collection);
      }
      collection.stopUpkeep();
      lookAgain();
      assertThat(segments()).isEqualTo(4);

      // When
      collection.resumeUpkeep();
      seal(collection);
      lookAgain();

      // Then
      assertThat(segments()).isEqualTo(2);
      verify(collection);
    }
  }

  @Test
  void sealingIsNotForgottenWhileUpkeepIsStopped() throws IOException {
    try (CollectionCatalog catalog = open(due::add)) {
      Collection collection = collection(catalog);
      write(collection, ENOUGH);
      collection.stopUpkeep();
      work();
      assertThat(segments()).isZero();
      collection.resumeUpkeep();
      seal(collection);
      assertThat(segments()).isEqualTo(1);
    }
  }

  private CollectionCatalog open(Executor threads) throws IOException {
    var storage = new StorageSettings(SEAL_BYTES, threads, later::add);
    return CollectionCatalog.open(
        root, CatalogFixture.resources(new FileOperations(), 64 << 20, storage));
  }

  private static Collection collection(CollectionCatalog catalog) throws IOException {
    catalog.create(name("c"), SETTINGS, "");
    return catalog.get(name("c"));
  }

  /** Writes until there is one more segment, or four have become one. */
  private void seal(Collection collection) throws IOException {
    write(collection, ENOUGH);
    assertThat(due).as("sealing is due").isNotEmpty();
    work();
  }

  private void lookAgain() {
    assertThat(later).hasSize(1);
    later.remove().run();
    work();
  }

  private void work() {
    while (!due.isEmpty()) {
      due.remove().run();
    }
  }

  private void write(Collection collection, int count) {
    UpsertBatch batch = collection.newBatch();
    for (int i = 0; i < count; i++) {
      VectorId id = new VectorId("v" + written++);
      batch.add(() -> new VectorInput(id, Payload.EMPTY, new float[64]));
    }
    batch.commit();
  }

  private int segments() throws IOException {
    try (var paths = Files.newDirectoryStream(root.resolve("collections/c"), "segment-*")) {
      int count = 0;
      for (Path _ : paths) {
        count++;
      }
      return count;
    }
  }

  private void verify(Collection collection) {
    assertThat(collection.vectorCount()).isEqualTo(written);
    assertThat(collection.check().problems()).isEmpty();
  }
}
