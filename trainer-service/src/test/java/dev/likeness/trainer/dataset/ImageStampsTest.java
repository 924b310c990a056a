package dev.likeness.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.trainer.dataset.ImageStamps.ImageFact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageStampsTest {

  private final List<ImageFact> images = new ArrayList<>();
  private final ImageStamps before;

  ImageStampsTest() {
    for (int i = 0; i < 20; i++) {
      images.add(image("cat", i + ".jpg", 100 + i));
    }
    before = ImageStamps.of(images);
  }

  private static ImageFact image(String className, String name, long size) {
    return new ImageFact("training/" + className + "/" + name, name, size, 1_700_000_000_000L);
  }

  private long changes() {
    return ImageStamps.of(images).changesSince(before);
  }

  @Test
  void findsNoChangeInTheSameImagesInAnotherOrder() {
    Collections.shuffle(images, new Random(1));
    assertThat(changes()).isZero();
  }

  @Test
  void countsNewImagesAndThoseThatAreGone() {
    images.removeFirst();
    images.add(image("cat", "a.jpg", 1));
    images.add(image("dog", "b.jpg", 1));
    assertThat(changes()).isEqualTo(3);
  }

  @Test
  void countsAnImageInAnotherClassOnce() {
    images.set(3, image("dog", "3.jpg", 103));
    images.set(4, image("dog", "4.jpg", 104));
    assertThat(changes()).isEqualTo(2);
  }

  @Test
  void countsTwoImagesThatChangedPlaces() {
    images.set(3, new ImageFact(images.get(3).place(), "4.jpg", 104, 1_700_000_000_000L));
    images.set(4, new ImageFact(images.get(4).place(), "3.jpg", 103, 1_700_000_000_000L));
    assertThat(changes()).isEqualTo(2);
  }

  @Test
  void countsReplacedFilesOfTheSameName() {
    images.set(0, image("cat", "0.jpg", 99));
    ImageFact touched = images.get(1);
    images.set(1, new ImageFact(touched.place(), touched.name(), touched.size(), 5));
    assertThat(changes()).isEqualTo(2);
  }

  @Test
  void countsAllImagesOfAnEmptyDataSetThatWasFilledAndEmptied() {
    ImageStamps none = ImageStamps.of(List.of());
    assertThat(before.changesSince(none)).isEqualTo(20);
    assertThat(none.changesSince(before)).isEqualTo(20);
    assertThat(none.changesSince(none)).isZero();
  }

  @Test
  void readsWhatItWrote() {
    byte[] bytes = before.bytes();
    assertThat(bytes).hasSize(20 * ImageStamps.BYTES_PER_IMAGE);
    ImageStamps read = ImageStamps.of(bytes);
    assertThat(read.count()).isEqualTo(20);
    assertThat(read.changesSince(before)).isZero();
    assertThat(read.bytes()).isEqualTo(bytes);
  }

  @Test
  void refusesBytesThatAreNoStamps() {
    assertThatThrownBy(() -> ImageStamps.of(new byte[17]))
        .hasMessageContaining("16 bytes each, got 17");
  }
}
