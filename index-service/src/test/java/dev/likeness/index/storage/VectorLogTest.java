package dev.likeness.index.storage;

import static dev.likeness.index.storage.LogFixture.DIMENSION;
import static dev.likeness.index.storage.LogFixture.created;
import static dev.likeness.index.storage.LogFixture.delete;
import static dev.likeness.index.storage.LogFixture.put;
import static dev.likeness.index.storage.LogFixture.recovered;
import static dev.likeness.index.storage.LogFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorLogTest {

  private static final List<VectorChange> FIRST = List.of(put("a", 1, 2), put("ü", 3, 4));
  private static final List<VectorChange> SECOND = List.of(delete("a"));
  private static final List<VectorChange> THIRD = List.of(put("c", 5, 6));

  private final FileOperations files = new FileOperations();
  private Path path = Path.of("");
  private Path copy = Path.of("");

  @BeforeEach
  void name(@TempDir Path directory) {
    path = directory.resolve("vectors.log");
    copy = directory.resolve("copy.log");
  }

  @Test
  void replaysWhatWasAppended() throws IOException {
    try (VectorLog log = created(path, files)) {
      assertThat(log.append(List.of(FIRST, SECOND))).isEqualTo(2);
      assertThat(log.append(List.of(THIRD))).isEqualTo(3);
    }
    assertThat(recovered(path)).containsExactly(texts(FIRST), texts(SECOND), texts(THIRD));
  }

  @Test
  void goesOnWhereItStopped() throws IOException {
    created(path, files).close();
    for (List<VectorChange> batch : List.of(FIRST, SECOND, THIRD)) {
      try (VectorLog log = VectorLog.open(path, DIMENSION, files, b -> {}).log()) {
        log.append(List.of(batch));
      }
    }
    assertThat(recovered(path)).containsExactly(texts(FIRST), texts(SECOND), texts(THIRD));
  }

  @Test
  void cutsOffABatchThatWasTornAtAnyByte() throws IOException {
    // Given: the marks as they were before the last batch
    byte[] before;
    byte[] after;
    try (VectorLog log = created(path, files)) {
      log.append(List.of(FIRST));
      log.append(List.of(SECOND));
      before = Files.readAllBytes(path);
      log.append(List.of(THIRD));
      after = Files.readAllBytes(path);
    }

    for (int length = before.length; length < after.length; length++) {
      // When
      byte[] torn = Arrays.copyOf(before, length);
      System.arraycopy(after, before.length, torn, before.length, length - before.length);
      Files.write(copy, torn);

      // Then
      assertThat(recovered(copy)).containsExactly(texts(FIRST), texts(SECOND));
      assertThat(Files.size(copy)).isEqualTo(before.length);
    }
  }

  @Test
  void keepsAWholeBatchThatWasNotMarkedYet() throws IOException {
    // Given
    byte[] before;
    byte[] after;
    try (VectorLog log = created(path, files)) {
      log.append(List.of(FIRST));
      before = Files.readAllBytes(path);
      log.append(List.of(SECOND));
      after = Files.readAllBytes(path);
    }

    // When
    System.arraycopy(before, 0, after, 0, LogFormat.HEADER_BYTES);
    Files.write(copy, after);

    // Then
    assertThat(recovered(copy)).containsExactly(texts(FIRST), texts(SECOND));
  }

  @Test
  void reportsAcknowledgedBytesThatAreMissing() throws IOException {
    try (VectorLog log = created(path, files)) {
      log.append(List.of(FIRST));
      log.append(List.of(SECOND));
    }
    byte[] bytes = Files.readAllBytes(path);
    for (int length : interestingBytes(bytes.length)) {
      Files.write(copy, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> recovered(copy)).isInstanceOf(LogDamagedException.class);
      assertThat(Files.size(copy)).isEqualTo(length);
    }
  }

  @Test
  void noticesEveryFlippedBitOrIsNotHarmedByIt() throws IOException {
    // Given
    try (VectorLog log = created(path, files)) {
      log.append(List.of(FIRST));
      log.append(List.of(SECOND));
      log.append(List.of(THIRD));
    }
    byte[] bytes = Files.readAllBytes(path);
    List<List<String>> intact = recovered(path);
    List<Integer> unnoticed = new ArrayList<>();

    // When
    for (int at : interestingBytes(bytes.length)) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(copy, flipped);
      try {
        assertThat(read(copy)).as("bit of byte %d", at).isEqualTo(intact);
        unnoticed.add(at);
      } catch (LogDamagedException e) {
        assertThat(e).hasMessageContaining("at byte");
      }
    }

    // Then: only the free space of the header and the marks, of which there are two
    assertThat(unnoticed)
        .allMatch(at -> at >= LogFormat.FIXED_HEADER_BYTES && at < LogFormat.HEADER_BYTES);
  }

  /** Every byte that has a meaning, and each 61st of the free space of the header. */
  private static int[] interestingBytes(int length) {
    return IntStream.range(0, length)
        .filter(
            at ->
                at < LogFormat.FIXED_HEADER_BYTES
                    || at >= LogFormat.HEADER_BYTES
                    || (at >= 512 && at < 512 + LogFormat.MARK_BYTES)
                    || (at >= 1024 && at < 1024 + LogFormat.MARK_BYTES)
                    || at % 61 == 0)
        .toArray();
  }

  private static List<List<String>> read(Path log) throws IOException {
    List<List<String>> batches = new ArrayList<>();
    try (LogReader reader = LogReader.open(log)) {
      reader.read(Long.MAX_VALUE, batch -> batches.add(texts(batch)));
    }
    return batches;
  }

  @Test
  void reportsDamageInTheMiddleByTheBatchesBehindIt() throws IOException {
    // Given: both marks lost, so only later records tell what was durable
    try (VectorLog log = created(path, files)) {
      log.append(List.of(FIRST));
      log.append(List.of(SECOND));
      log.append(List.of(THIRD));
    }
    byte[] bytes = Files.readAllBytes(path);
    Arrays.fill(bytes, 512, 2048, (byte) 0);
    bytes[LogFormat.HEADER_BYTES + 40] ^= 1;

    // When
    Files.write(copy, bytes);

    // Then
    assertThatThrownBy(() -> recovered(copy))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("batch 1 is unreadable although it was acknowledged")
        .hasMessageContaining("at byte 4096 of copy.log");
  }

  @Test
  void refusesALogOfAnotherDimension() throws IOException {
    created(path, files).close();
    assertThatThrownBy(() -> VectorLog.open(path, 3, files, batch -> {}))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("dimension 2 instead of 3");
  }

  @Test
  void copyHoldsWhatWasDurable() throws IOException {
    try (VectorLog log = created(path, files)) {
      log.append(List.of(FIRST));
      long length = log.length();
      log.append(List.of(SECOND));
      VectorLog.copy(path, length, 1, copy, files);
    }
    assertThat(recovered(copy)).containsExactly(texts(FIRST));
  }
}
