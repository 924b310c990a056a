package dev.likeness.index.storage;

import static dev.likeness.index.storage.LogFixture.DIMENSION;
import static dev.likeness.index.storage.LogFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogRotationTest {

  private static final long SPARE_BYTES = 4096;

  @TempDir private Path root;

  @Test
  void anEmptyLogIsNotPutAside() throws IOException {
    Path folder = Files.createDirectory(root.resolve("c"));
    FaultingFileOperations files = new FaultingFileOperations();
    VectorLog.create(folder.resolve(StoreManifest.FIRST_LOG), files, DIMENSION, 1);
    SegmentStore store = SegmentStore.open(folder, DIMENSION, SPARE_BYTES, files);
    VectorLog log = store.replay(batch -> {}).log();
    log.append(List.of(List.of(put("a", 1, 1))));

    store.rotate(log);
    Path path = log.path();
    List<String> names = store.fileNames();
    store.rotate(log);

    assertThat(log.path()).isEqualTo(path);
    assertThat(store.fileNames()).isEqualTo(names);
    log.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noBatchIsLostWhereverRotatingAgainFails(boolean withSpare) throws IOException {
    int step = 0;
    for (boolean reached = true; reached; step++) {
      // Given a log that goes on in a new file, and nothing was written since
      Path folder = Files.createDirectory(root.resolve("step-" + step));
      FaultingFileOperations files = new FaultingFileOperations();
      VectorLog.create(folder.resolve(StoreManifest.FIRST_LOG), files, DIMENSION, 1);
      SegmentStore store = SegmentStore.open(folder, DIMENSION, SPARE_BYTES, files);
      VectorLog log = store.replay(batch -> {}).log();
      List<String> acknowledged = new ArrayList<>();
      append(log, "a", acknowledged);
      rotate(store, log, withSpare);

      // When
      files.failAt(step, 0.5, true);
      rotate(store, log, withSpare);
      append(log, "b", acknowledged);
      rotate(store, log, withSpare);
      reached = files.steps() > step;
      files.repair();
      append(log, "c", acknowledged);
      log.close();

      // Then
      List<String> found = new ArrayList<>();
      SegmentStore.open(folder, DIMENSION, SPARE_BYTES, new FileOperations())
          .replay(batch -> batch.forEach(change -> found.add(change.id().toString())))
          .log()
          .close();
      assertThat(found).as("fault at step %d", step).containsSubsequence(acknowledged);
      if (log.brokenBecause().isEmpty()) {
        assertThat(found).as("fault at step %d", step).isEqualTo(acknowledged);
      }
    }
    assertThat(step).as("steps tried").isGreaterThan(8);
  }

  private static void append(VectorLog log, String id, List<String> acknowledged) {
    try {
      log.append(List.of(List.of(put(id, 1, 1))));
      acknowledged.add(id);
    } catch (IOException refused) {
      assertThat(acknowledged).doesNotContain(id);
    }
  }

  private static void rotate(SegmentStore store, VectorLog log, boolean withSpare) {
    if (withSpare) {
      store.prepareSpare(SPARE_BYTES);
    }
    try {
      store.rotate(log);
    } catch (IOException failed) {
      assertThat(failed).hasMessageContaining("No space left");
    }
  }
}
