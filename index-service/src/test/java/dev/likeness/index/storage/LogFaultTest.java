package dev.likeness.index.storage;

import static dev.likeness.index.storage.LogFixture.DIMENSION;
import static dev.likeness.index.storage.LogFixture.created;
import static dev.likeness.index.storage.LogFixture.put;
import static dev.likeness.index.storage.LogFixture.recovered;
import static dev.likeness.index.storage.LogFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A full or failing disk at each step of writing. */
class LogFaultTest {

  @ParameterizedTest
  @CsvSource({"0, true", "0.5, true", "1, true", "0, false", "0.5, false", "1, false"})
  void losesNothingAcknowledgedAndInventsNothing(
      double shareWritten, boolean once, @TempDir Path directory) throws IOException {
    int failuresSeen = 0;
    for (int step = 0; step < 24; step++) {
      // Given
      Path path = directory.resolve("fault-%d.log".formatted(step));
      FaultingFileOperations files = new FaultingFileOperations();
      List<List<String>> acknowledged = new ArrayList<>();
      try (VectorLog log = created(path, files)) {
        files.failAt(step, shareWritten, once);

        // When
        for (int i = 0; i < 8; i++) {
          List<VectorChange> batch = List.of(put("v" + i, i, step));
          try {
            log.append(List.of(batch));
            acknowledged.add(texts(batch));
          } catch (IOException e) {
            failuresSeen++;
          }
        }
      }

      // Then
      List<List<String>> recovered = recovered(path);
      assertThat(recovered.subList(0, acknowledged.size()))
          .as("fault at step %d", step)
          .isEqualTo(acknowledged);
      // A disk that dies for good between write and force may keep the one batch on the way.
      int onTheWay = once ? 0 : 1;
      assertThat(recovered.size() - acknowledged.size()).isBetween(0, onTheWay);
    }
    assertThat(failuresSeen).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"0, 0.3", "0, 1"})
  void goesOnAfterTheDiskHasSpaceAgain(int step, double shareWritten, @TempDir Path directory)
      throws IOException {
    // Given
    Path path = directory.resolve("vectors.log");
    FaultingFileOperations files = new FaultingFileOperations();
    List<VectorChange> batch = List.of(put("a", 1, 2));
    try (VectorLog log = created(path, files)) {
      files.failAt(step, shareWritten, true);
      IOException refused = null;
      try {
        log.append(List.of(batch));
      } catch (IOException e) {
        refused = e;
      }

      // When
      log.append(List.of(batch));

      // Then
      assertThat(refused).hasMessageContaining("No space left");
      assertThat(log.brokenBecause()).isEmpty();
    }
    assertThat(recovered(path)).containsExactly(texts(batch));
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void takesNoMoreWritesAfterAFailedForceOrMark(int step, @TempDir Path directory)
      throws IOException {
    FaultingFileOperations files = new FaultingFileOperations();
    try (VectorLog log = created(directory.resolve("vectors.log"), files)) {
      files.failAt(step, 0, true);
      for (int i = 0; i < 2; i++) {
        try {
          log.append(List.of(List.of(put("a", 1, 2))));
        } catch (IOException expected) {
          assertThat(expected).isNotNull();
        }
      }
      assertThat(log.brokenBecause()).isPresent();
    }
    assertThat(VectorLog.open(directory.resolve("vectors.log"), DIMENSION, files, b -> {}).log())
        .satisfies(log -> assertThat(log.brokenBecause()).isEmpty())
        .satisfies(VectorLog::close);
  }
}
