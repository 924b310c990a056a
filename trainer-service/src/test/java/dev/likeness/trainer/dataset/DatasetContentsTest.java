package dev.likeness.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.evaluation.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetContentsTest {

  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  @BeforeEach
  void fill() throws IOException {
    for (int i = 0; i < 6; i++) {
      Path image = folder.resolve("training/class" + i % 2).resolve(i + ".jpg");
      Files.createDirectories(image.getParent());
      write(image, "image " + i, THEN);
    }
  }

  private static void write(Path image, String content, Instant time) throws IOException {
    Files.writeString(image, content);
    Files.setLastModifiedTime(image, FileTime.from(time));
  }

  private long changesSince(DatasetContents before) {
    Long changes = DatasetContents.read(folder).changesSince(before.stamps());
    assertThat(changes).isNotNull();
    return changes;
  }

  @Test
  void findsNoChangeWhereThereIsNone() {
    DatasetContents before = DatasetContents.read(folder);
    assertThat(before.images()).isEqualTo(6);
    assertThat(changesSince(before)).isZero();
  }

  @Test
  void seesAnImageThatWasMovedToAnotherClass() throws IOException {
    DatasetContents before = DatasetContents.read(folder);
    Files.move(folder.resolve("training/class0/2.jpg"), folder.resolve("training/class1/2.jpg"));
    assertThat(DatasetContents.read(folder).images()).isEqualTo(6);
    assertThat(changesSince(before)).isEqualTo(1);
  }

  @Test
  void seesAnImageThatWasReplacedByOneOfTheSameSize() throws IOException {
    DatasetContents before = DatasetContents.read(folder);
    write(folder.resolve("training/class1/3.jpg"), "other 3", THEN.plusSeconds(1));
    assertThat(changesSince(before)).isEqualTo(1);
  }

  @Test
  void takesTheSameFolderUnderAnotherNameForTheSame() throws IOException {
    DatasetContents before = DatasetContents.read(folder);
    Path link = folder.resolveSibling(folder.getFileName() + "-link");
    Files.createSymbolicLink(link, folder);
    try {
      assertThat(DatasetContents.read(link).changesSince(before.stamps())).isZero();
    } finally {
      Files.delete(link);
    }
  }

  @Test
  void knowsNoChangesWhereOnlyNumbersAreKnown() {
    DatasetContents now = DatasetContents.read(folder);
    assertThat(now.changesSince(null)).isNull();
    assertThat(DatasetContents.counted(6).changesSince(now.stamps())).isNull();
  }

  @Test
  void saysThatThereIsNoFolder() {
    assertThatThrownBy(() -> DatasetContents.read(folder.resolve("none")))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("none");
  }
}
