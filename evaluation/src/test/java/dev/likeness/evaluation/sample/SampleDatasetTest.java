package dev.likeness.evaluation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
  void drawsEveryKindInEveryStyle() throws IOException {
    List<SubjectKind> kinds = List.of(SubjectKind.values());
    List<Style> styles = List.of(Style.values());
    Path folder = temporary.resolve("sample");

    SampleDataset.draw(
        folder, new SampleOptions(kinds.size(), styles.size(), 5, 5, 64, 3, kinds, styles));
    Dataset dataset = DatasetLayout.read(folder);

    assertThat(dataset.trainingClasses())
        .containsExactlyInAnyOrder(
            "ada",
            "house-001",
            "vehicle-001",
            "creature-001",
            "plant-001",
            "landscape-001",
            "ornament-001");
    assertThat(folder.resolve("training/house-001"))
        .isDirectoryContaining("glob:**/photo_01.jpg")
        .isDirectoryContaining("glob:**/drawing_01.png")
        .isDirectoryContaining("glob:**/pencil_01.png")
        .isDirectoryContaining("glob:**/poster_01.png")
        .isDirectoryContaining("glob:**/mosaic_01.png");
  }

  @Test
  void drawsStrangersThatNoTrainingImageShows() throws IOException {
    Path folder = temporary.resolve("sample");

    SampleDataset.draw(folder, SMALL.withStrangers());
    Dataset dataset = DatasetLayout.read(folder);
    JsonNode labels = new ObjectMapper().readTree(folder.resolve("labels.json").toFile());

    assertThat(dataset.training()).hasSize(16);
    assertThat(dataset.trainingClasses())
        .containsExactlyInAnyOrder("ada", "bruno", "cleo", "dario");
    assertThat(labels.get("query").elements())
        .toIterable()
        .extracting(JsonNode::asText)
        .containsOnly("elif", "finn", "greta", "hugo");
    assertThat(labels.get("gallery").elements())
        .toIterable()
        .extracting(JsonNode::asText)
        .containsOnly("elif", "finn", "greta", "hugo");
  }

  @Test
  void drawsPencilDrawingsWithoutColour() {
    BufferedImage image =
        Style.PENCIL.paint(SubjectKind.PLANTS.subject(0, 3), 64, new SplittableRandom(1));

    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        int rgb = image.getRGB(x, y) & 0xFFFFFF;
        assertThat(rgb).isEqualTo((rgb & 0xFF) * 0x010101);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SubjectKind.class)
  void givesEverySubjectItsOwnLookAndName(SubjectKind kind) {
    Set<Subject> subjects = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (int number = 0; number < 60; number++) {
      subjects.add(kind.subject(number, 9));
      names.add(kind.subject(number, 9).name());
    }

    assertThat(subjects).hasSize(60);
    assertThat(names).hasSize(60);
    assertThat(subjects).contains(kind.subject(7, 9));
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
    assertThat(temporary)
        .isDirectoryContaining(folder::equals)
        .isDirectoryNotContaining(path -> !path.equals(folder));
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
