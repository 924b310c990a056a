package dev.likeness.evaluation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.evaluation.ImageFolder;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthRules;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDatasetTest {
  private static final SampleOptions SMALL = new SampleOptions(4, 4, 5, 13, 64, 3);

  @TempDir Path temporary;

  @Test
  void drawsTheLayoutWithLabelsForEveryImage() throws IOException {
    Path folder = temporary.resolve("sample");

    SampleDataset.draw(folder, SMALL);
    Dataset dataset = DatasetLayout.read(folder);

    assertThat(dataset.query()).hasSize(5);
    assertThat(dataset.gallery()).hasSize(13);
    assertThat(dataset.training()).hasSize(16);
    assertThat(dataset.trainingClasses()).hasSize(4);
    assertThat(TruthRules.find(dataset, null))
        .isInstanceOfSatisfying(
            Truth.Known.class,
            truth -> {
              assertThat(truth.coverage().isComplete()).isTrue();
              assertThat(truth.relevant().values())
                  .allSatisfy(right -> assertThat(right).isNotEmpty());
            });
    for (ImageFile image : dataset.gallery()) {
      BufferedImage read = ImageIO.read(image.path().toFile());
      assertThat(read.getWidth()).isEqualTo(64);
    }
  }

  @Test
  void drawsTheSameBytesForTheSameSeed() throws IOException {
    String first = hash("first", SMALL);

    assertThat(hash("second", SMALL)).isEqualTo(first);
    assertThat(hash("third", new SampleOptions(4, 4, 5, 13, 64, 4))).isNotEqualTo(first);
  }

  @Test
  void leavesAFinishedDataSetAsItIs() throws IOException {
    Path folder = temporary.resolve("sample");
    SampleDataset.draw(folder, SMALL);
    Path labels = folder.resolve("labels.json");
    Files.writeString(labels, "{}");

    SampleDataset.draw(folder, SMALL);

    assertThat(labels).hasContent("{}");
    assertThat(Files.list(temporary)).containsExactly(folder);
  }

  @Test
  void refusesAFolderWithOtherFiles() {
    new ImageFolder(temporary).with("mine/photo.jpg");

    assertThatThrownBy(() -> SampleDataset.draw(temporary.resolve("mine"), SMALL))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("give an empty or a new folder");
  }

  private String hash(String name, SampleOptions options) throws IOException {
    SampleDataset.draw(temporary.resolve(name), options);
    return DatasetLayout.read(temporary.resolve(name)).hash();
  }
}
