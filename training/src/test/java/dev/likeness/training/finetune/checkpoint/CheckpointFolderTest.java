package dev.likeness.training.finetune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.training.finetune.failure.FineTuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {

  @TempDir Path folder;

  @Test
  void returnsWhatWasWritten() {
    CheckpointFolder checkpoints = new CheckpointFolder(folder);
    float[] values = {1.5f, Float.MIN_VALUE, -0f};
    checkpoints.write(1, Map.of("epoch", "3", "häßlich", "ü\n"), sink -> sink.tensor("w", values));

    assertThat(checkpoints.newest()).contains(Map.of("epoch", "3", "häßlich", "ü\n"));
    assertThat(tensors(checkpoints)).containsOnlyKeys("w");
    assertThat(tensors(checkpoints).get("w")).containsExactly(values);
  }

  @Test
  void keepsTheNewestTwo() throws IOException {
    CheckpointFolder checkpoints = new CheckpointFolder(folder);
    for (int i = 1; i <= 4; i++) {
      checkpoints.write(i, Map.of("epoch", "" + i), sink -> {});
    }
    assertThat(files()).hasSize(2);
    assertThat(checkpoints.newest()).contains(Map.of("epoch", "4"));
  }

  @Test
  void fullDiskKeepsTheOneBefore() throws IOException {
    CheckpointFolder checkpoints = new CheckpointFolder(folder);
    checkpoints.write(1, Map.of("epoch", "1"), sink -> sink.tensor("w", new float[] {1}));
    assertThatThrownBy(
            () ->
                checkpoints.write(
                    2,
                    Map.of("epoch", "2"),
                    sink -> {
                      sink.tensor("w", new float[] {2});
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(FineTuneException.CheckpointNotWritten.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("free space");

    assertThat(files()).hasSize(1);
    assertThat(checkpoints.newest()).contains(Map.of("epoch", "1"));
    assertThat(tensors(checkpoints).get("w")).containsExactly(1);
  }

  @Test
  void passesOverADamagedOne() throws IOException {
    CheckpointFolder checkpoints = new CheckpointFolder(folder);
    checkpoints.write(1, Map.of("epoch", "1"), sink -> sink.tensor("w", new float[] {1}));
    checkpoints.write(2, Map.of("epoch", "2"), sink -> sink.tensor("w", new float[] {2}));
    Path newest = files().getLast();
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length - 12] ^= 1;
    Files.write(newest, bytes);

    assertThat(checkpoints.newest()).contains(Map.of("epoch", "1"));
    assertThat(tensors(checkpoints).get("w")).containsExactly(1);
  }

  @Test
  void everyCutOrFlippedByteIsNoticed() throws IOException {
    CheckpointFolder checkpoints = new CheckpointFolder(folder);
    checkpoints.write(1, Map.of("epoch", "1"), sink -> sink.tensor("w", new float[] {1, 2, 3}));
    Path file = files().getLast();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x55;
      Files.write(file, damaged);
      assertThatThrownBy(checkpoints::newest)
          .as("byte %d flipped", i)
          .isInstanceOf(FineTuneException.CheckpointNotUsable.class);
      Files.write(file, java.util.Arrays.copyOf(whole, i));
      assertThatThrownBy(checkpoints::newest)
          .as("cut at %d", i)
          .isInstanceOf(FineTuneException.CheckpointNotUsable.class);
    }
  }

  @Test
  void emptyOrMissingFolderHasNone() {
    assertThat(new CheckpointFolder(folder).newest()).isEmpty();
    assertThat(new CheckpointFolder(folder.resolve("missing")).newest()).isEmpty();
  }

  private static Map<String, float[]> tensors(CheckpointFolder checkpoints) {
    Map<String, float[]> tensors = new HashMap<>();
    checkpoints.readNewest(tensors::put);
    return tensors;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
