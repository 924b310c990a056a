package dev.likeness.training.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.training.finetune.spec.Augmentation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewMakerTest {

  private static final PreprocessSpec SPEC =
      PreprocessSpec.of(
          20, 16, ResizeFilter.BILINEAR, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  @TempDir Path folder;
  private ImageSet set;

  @BeforeEach
  void drawImages() throws IOException {
    List<LabelledImage> images = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      BufferedImage image = new BufferedImage(30, 40, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 40; y++) {
        for (int x = 0; x < 30; x++) {
          image.setRGB(x, y, (8 * x) << 16 | (6 * y) << 8 | 60 * i);
        }
      }
      Path file = folder.resolve(i + ".png");
      ImageIO.write(image, "png", file.toFile());
      images.add(new LabelledImage(file, "class"));
    }
    set = ImageSet.of(images);
  }

  @Test
  void withoutChangesAViewIsWhatIsServed() throws Exception {
    assertThat(view(Augmentation.none(), 1, 1, 2)).isEqualTo(served(1));
  }

  @Test
  void mirrorTurnsRowsRound() throws Exception {
    float[] mirrored = view(new Augmentation(1, 1, 0, 0, 0, 0, 0), 1, 1);
    float[] served = served(1);
    for (int x = 0; x < 16; x++) {
      assertThat(mirrored[x]).isEqualTo(served[15 - x]);
    }
  }

  @Test
  void grayHasThreeEqualPlanes() throws Exception {
    float[] gray = view(new Augmentation(1, 0, 0, 1, 0, 0, 0), 1, 1);
    for (int i = 0; i < 256; i++) {
      assertThat(gray[i]).isEqualTo(gray[i + 256]).isEqualTo(gray[i + 512]);
    }
  }

  @Test
  void viewFollowsFromSeedAndPosition() throws Exception {
    Augmentation all = new Augmentation(0.3, 0.5, 0.4, 0.3, 0.5, 0.5, 0.5);
    assertThat(view(all, 2, 3, 4)).isEqualTo(view(all, 2, 3, 4));
    assertThat(view(all, 2, 3, 5)).isNotEqualTo(view(all, 2, 3, 4));
    assertThat(view(all, 3, 3, 4)).isNotEqualTo(view(all, 2, 3, 4));
  }

  @Test
  void valuesStayWithinWhatPixelsCanBe() throws Exception {
    Augmentation all = new Augmentation(0.1, 0.5, 0.9, 0.3, 0.5, 1, 1);
    for (int position = 0; position < 50; position++) {
      for (float value : view(all, position % 4, position)) {
        assertThat(value).isBetween(-1f, 1f);
      }
    }
  }

  @Test
  void memoryBoundChangesNothing() throws Exception {
    ImageLoader none = new ImageLoader(set, SPEC, 0);
    ImageLoader one = new ImageLoader(set, SPEC, 2_000);
    for (int i = 0; i < 4; i++) {
      assertThat(one.load(i).rgb()).isEqualTo(none.load(i).rgb());
      assertThat(one.load(i).rgb()).isEqualTo(none.load(i).rgb());
    }
    assertThat(one.load(0)).isSameAs(one.load(0));
    assertThat(one.load(1)).isNotSameAs(one.load(1));
  }

  @Test
  void batchesComeInOrderFromWhereverOneBegins() throws Exception {
    List<int[]> batches = List.of(new int[] {0, 1}, new int[] {2, 3}, new int[] {1, 2});
    try (ExecutorService threads = Executors.newFixedThreadPool(2);
        BatchPipeline pipeline =
            new BatchPipeline(
                threads,
                batches,
                1,
                1,
                (batch, place, ordinal, out, offset) -> out[offset] = 10 * batch + ordinal)) {
      assertThat(pipeline.next().pixels()).containsExactly(12, 13);
      assertThat(pipeline.next().pixels()).containsExactly(21, 22);
      assertThat(pipeline.hasNext()).isFalse();
    }
  }

  private float[] view(Augmentation augmentation, int ordinal, long... positions) throws Exception {
    ViewMaker maker =
        new ViewMaker(
            new ImageLoader(set, SPEC, 1 << 20), SPEC, augmentation, new int[] {0, 1, 2, 3}, 9);
    float[] out = new float[maker.length()];
    maker.augmented(ordinal, out, 0, positions);
    return out;
  }

  private float[] served(int ordinal) throws Exception {
    ViewMaker maker =
        new ViewMaker(new ImageLoader(set, SPEC, 0), SPEC, Augmentation.none(), new int[] {0}, 9);
    float[] out = new float[maker.length()];
    maker.served(ordinal, out, 0);
    return out;
  }
}
