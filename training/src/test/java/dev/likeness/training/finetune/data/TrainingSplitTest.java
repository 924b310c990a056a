package dev.likeness.training.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.ValidationSplit;
import dev.likeness.training.finetune.spec.ValidationSplit.By;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingSplitTest {

  @Test
  void holdsOutAShareOfEachClass() {
    ImageSet set = set(3, 10);
    TrainingSplit split = split(set, By.IMAGE, 0.3);

    assertThat(split.training()).hasSize(21);
    assertThat(split.validation()).hasSize(9);
    int[] labels = set.labels();
    for (int label = 0; label < 3; label++) {
      int wanted = label;
      assertThat(Arrays.stream(split.validation()).filter(i -> labels[i] == wanted)).hasSize(3);
    }
    assertThat(split.training()).doesNotContain(split.validation());
  }

  @Test
  void holdsOutWholeClasses() {
    ImageSet set = set(10, 4);
    TrainingSplit split = split(set, By.CLASS, 0.3);

    int[] labels = set.labels();
    assertThat(Arrays.stream(split.validation()).map(i -> labels[i]).distinct()).hasSize(3);
    assertThat(Arrays.stream(split.training()).map(i -> labels[i]).distinct()).hasSize(7);
  }

  @Test
  void orderOfTheFilesDoesNotMatter() {
    List<LabelledImage> images = new ArrayList<>(set(3, 10).images());
    TrainingSplit sorted = split(ImageSet.of(images), By.IMAGE, 0.2);
    Collections.reverse(images);
    TrainingSplit reversed = split(ImageSet.of(images), By.IMAGE, 0.2);

    assertThat(reversed.validation()).isEqualTo(sorted.validation());
  }

  @Test
  void smallClassesAreTrainedOnWhole() {
    List<LabelledImage> images = new ArrayList<>(set(3, 10).images());
    images.add(new LabelledImage(Path.of("small/a"), "small"));
    images.add(new LabelledImage(Path.of("small/b"), "small"));
    TrainingSplit split = split(ImageSet.of(images), By.IMAGE, 0.2);

    assertThat(split.notes()).singleElement().asString().contains("1 classes have fewer than 4");
  }

  @Test
  void takesClassesWhereNoClassCanSpareImages() {
    TrainingSplit split = split(set(6, 3), By.IMAGE, 0.2);

    assertThat(split.validation()).hasSize(6);
    assertThat(split.notes()).singleElement().asString().contains("whole classes are held out");
  }

  @Test
  void refusesToFewClassesForThat() {
    assertThatThrownBy(() -> split(set(3, 3), By.IMAGE, 0.2))
        .isInstanceOf(FineTuneException.TooFewClasses.class)
        .hasMessageContaining("at least 4 classes, found 3");
  }

  private static TrainingSplit split(ImageSet set, By by, double share) {
    int[] all = IntStream.range(0, set.size()).toArray();
    return TrainingSplit.of(set, all, new ValidationSplit(by, share, 1), 5);
  }

  static ImageSet set(int classes, int perClass) {
    List<LabelledImage> images = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      for (int i = 0; i < perClass; i++) {
        images.add(new LabelledImage(Path.of("c%02d/%02d.png".formatted(label, i)), "c" + label));
      }
    }
    return ImageSet.of(images);
  }
}
