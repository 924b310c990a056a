package dev.likeness.index.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedFileTest {

  private static final Map<String, String> OLD = Map.of("a", "1", "empty", "");
  private static final Map<String, String> NEW = Map.of("a", "2=ü");

  @Test
  void readsBackWhatWasWritten(@TempDir Path directory) throws IOException {
    CheckedFile file = new CheckedFile(directory, "x", "test", new FileOperations());
    file.write(OLD);
    assertThat(file.read()).isEqualTo(OLD);
    file.write(NEW);
    assertThat(file.read()).isEqualTo(NEW);
  }

  @Test
  void noticesEveryFlippedBit(@TempDir Path directory) throws IOException {
    CheckedFile file = new CheckedFile(directory, "x", "test", new FileOperations());
    file.write(NEW);
    byte[] bytes = Files.readAllBytes(directory.resolve("x"));
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(directory.resolve("x"), flipped);
      assertThatThrownBy(file::read).isInstanceOf(LogDamagedException.class);
    }
  }

  @Test
  void keepsTheOldContentWhenAWriteFails(@TempDir Path directory) throws IOException {
    FaultingFileOperations files = new FaultingFileOperations();
    CheckedFile file = new CheckedFile(directory, "x", "test", files);
    file.write(OLD);
    for (int step = 0; step < 5; step++) {
      files.failAt(step, 0.5, false);
      assertThatThrownBy(() -> file.write(NEW)).isInstanceOf(IOException.class);
      assertThat(file.read()).isEqualTo(OLD);
    }
  }
}
