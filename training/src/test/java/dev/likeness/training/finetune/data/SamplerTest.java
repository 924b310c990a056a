package dev.likeness.training.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static final ImageSet SET = TrainingSplitTest.set(5, 8);

  @Test
  void batchHasSomeImagesOfSomeClasses() {
    ClassSampler sampler = sampler(3, 4);
    int[] labels = SET.labels();
    for (int[] batch : sampler.epoch(1)) {
      assertThat(batch).hasSize(12);
      for (int start = 0; start < 12; start += 4) {
        int[] same = Arrays.stream(batch, start, start + 4).map(i -> labels[i]).toArray();
        assertThat(same).containsOnly(same[0]);
        assertThat(Arrays.stream(batch, start, start + 4).distinct().count()).isEqualTo(4);
      }
      assertThat(Arrays.stream(batch).map(i -> labels[i]).distinct().count()).isEqualTo(3);
    }
  }

  @Test
  void epochShowsAsManyImagesAsThereAre() {
    assertThat(sampler(5, 4).batchesPerEpoch()).isEqualTo(2);
    int[] shown = sampler(5, 4).epoch(1).stream().flatMapToInt(Arrays::stream).sorted().toArray();
    assertThat(shown).isEqualTo(IntStream.range(0, 40).toArray());
  }

  @Test
  void sameEpochIsTheSameAndAnotherIsNot() {
    assertThat(flat(sampler(3, 4).epoch(2))).isEqualTo(flat(sampler(3, 4).epoch(2)));
    assertThat(flat(sampler(3, 4).epoch(2))).isNotEqualTo(flat(sampler(3, 4).epoch(3)));
  }

  @Test
  void drawsFewerClassesWhereThereAreFewer() {
    assertThat(sampler(50, 2).batchSize()).isEqualTo(10);
  }

  @Test
  void pairsAreOfOneClassAndTwoStyles() {
    List<LabelledImage> images = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      images.add(
          new LabelledImage(
              Path.of("%02d".formatted(i)), "class" + i % 3, i % 2 == 0 ? "photo" : "sketch"));
    }
    ImageSet set = ImageSet.of(images);
    StylePairSampler sampler = new StylePairSampler(set, IntStream.range(0, 24).toArray(), 8, 1);
    for (int[] batch : sampler.epoch(1)) {
      assertThat(batch).hasSize(6);
      for (int pair = 0; pair < 3; pair++) {
        LabelledImage first = set.images().get(batch[pair]);
        LabelledImage second = set.images().get(batch[3 + pair]);
        assertThat(second.className()).isEqualTo(first.className());
        assertThat(second.style()).isNotEqualTo(first.style());
      }
    }
  }

  private static ClassSampler sampler(int classes, int images) {
    return new ClassSampler(
        IntStream.range(0, SET.size()).toArray(), SET.labels(), classes, images, 11);
  }

  private static int[] flat(List<int[]> batches) {
    return batches.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
