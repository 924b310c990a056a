package dev.likeness.encoders.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.encoders.image.PreprocessFixtures;
import dev.likeness.encoders.image.RgbImage;
import dev.likeness.encoders.store.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreprocessorTest {

  static Stream<Arguments> pipelines() {
    List<Arguments> all = new ArrayList<>();
    JsonNode specs = PreprocessFixtures.description().get("pipelines");
    for (JsonNode example : PreprocessFixtures.cases()) {
      example
          .get("pipelines")
          .properties()
          .forEach(
              entry ->
                  all.add(
                      Arguments.of(
                          entry.getKey(), example, entry.getValue(), specs.get(entry.getKey()))));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pipelines")
  void matchesPillowAndTorchvisionBitForBit(
      String pipeline, JsonNode example, JsonNode expected, JsonNode spec) throws Exception {
    // Given
    PreprocessSpec preprocess = spec(spec);
    RgbImage image = PreprocessFixtures.decodedByPillow(example);
    CenterCrop crop = CenterCrop.of(preprocess, image.width(), image.height());

    // When
    RgbImage resized =
        PillowResize.resize(image, crop.resizedWidth(), crop.resizedHeight(), preprocess.filter());
    RgbImage cropped = PillowResize.resize(image, crop, preprocess.filter());
    Preprocessor preprocessor = new Preprocessor(preprocess);
    float[] tensor = new float[preprocessor.tensorLength()];
    preprocessor.apply(image, tensor, 0);

    // Then
    assertThat(crop.resizedWidth()).isEqualTo(expected.at("/resized/width").asInt());
    assertThat(crop.resizedHeight()).isEqualTo(expected.at("/resized/height").asInt());
    assertThat(crop.top()).isEqualTo(expected.at("/crop/top").asInt());
    assertThat(crop.left()).isEqualTo(expected.at("/crop/left").asInt());
    assertThat(Sha256.of(resized.rgb())).isEqualTo(expected.at("/resized/rgb_sha256").asText());
    assertThat(Sha256.of(cropped.rgb())).isEqualTo(expected.at("/crop/rgb_sha256").asText());
    assertThat(Sha256.of(littleEndian(tensor)))
        .isEqualTo(expected.at("/tensor/float32_le_sha256").asText());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pipelines")
  void cropsWhereHuggingFaceDoesWithTheFloorRule(
      String pipeline, JsonNode example, JsonNode expected, JsonNode spec) {
    int size = expected.at("/crop/size").asInt();
    int width = expected.at("/resized/width").asInt();
    int height = expected.at("/resized/height").asInt();
    assertThat(CropOffset.FLOOR.of(height, size))
        .isEqualTo(expected.at("/crop/hugging_face_top").asInt());
    assertThat(CropOffset.FLOOR.of(width, size))
        .isEqualTo(expected.at("/crop/hugging_face_left").asInt());
  }

  @Test
  void partOfTheResultEqualsTheWhole() {
    Random random = new Random(3);
    for (int round = 0; round < 30; round++) {
      // Given
      RgbImage image = noise(random, 1 + random.nextInt(200), 1 + random.nextInt(200));
      ResizeFilter filter = ResizeFilter.values()[round % 2];
      int resize = 20 + random.nextInt(60);
      PreprocessSpec spec =
          PreprocessSpec.of(
              resize,
              1 + random.nextInt(resize),
              filter,
              PreprocessSpec.IMAGENET_MEAN,
              PreprocessSpec.IMAGENET_STD);
      CenterCrop crop = CenterCrop.of(spec, image.width(), image.height());

      // When
      RgbImage whole =
          PillowResize.resize(image, crop.resizedWidth(), crop.resizedHeight(), filter);
      RgbImage part = PillowResize.resize(image, crop, filter);

      // Then
      for (int y = 0; y < crop.size(); y++) {
        int from = ((crop.top() + y) * whole.width() + crop.left()) * 3;
        assertThat(Arrays.copyOfRange(part.rgb(), y * crop.size() * 3, (y + 1) * crop.size() * 3))
            .containsExactly(Arrays.copyOfRange(whole.rgb(), from, from + crop.size() * 3));
      }
    }
  }

  @Test
  void writesBgrPlanesWhenAsked() {
    PreprocessSpec spec =
        new PreprocessSpec(
            1,
            1,
            ResizeFilter.BILINEAR,
            CropOffset.FLOOR,
            List.of(0f, 0f, 0f),
            List.of(1f, 1f, 1f),
            ChannelOrder.BGR,
            Orientation.STORED);
    float[] tensor = new float[5];
    new Preprocessor(spec).apply(new RgbImage(1, 1, new byte[] {0, 51, -1}), tensor, 2);
    assertThat(tensor).containsExactly(0f, 0f, 1f, 0.2f, 0f);
  }

  @Test
  void survivesExtremeShapes() {
    float[] tensor = new float[3 * 224 * 224];
    Preprocessor preprocessor = new Preprocessor(PreprocessSpec.imagenet());
    preprocessor.apply(new RgbImage(1, 30_000, new byte[90_000]), tensor, 0);
    preprocessor.apply(new RgbImage(30_000, 1, new byte[90_000]), tensor, 0);
    assertThat(tensor[0]).isEqualTo((0 - 0.485f) / 0.229f);
  }

  @Test
  void refusesCropLargerThanTheResize() {
    assertThatThrownBy(
            () ->
                PreprocessSpec.of(
                    224,
                    256,
                    ResizeFilter.BICUBIC,
                    PreprocessSpec.IMAGENET_MEAN,
                    PreprocessSpec.IMAGENET_STD))
        .hasMessageContaining("size 256, resize 224");
  }

  @Test
  void refusesZeroStandardDeviation() {
    assertThatThrownBy(
            () ->
                PreprocessSpec.of(
                    224,
                    224,
                    ResizeFilter.BICUBIC,
                    PreprocessSpec.IMAGENET_MEAN,
                    List.of(1f, 0f, 1f)))
        .hasMessageContaining("3 positive values");
  }

  private static PreprocessSpec spec(JsonNode spec) {
    return PreprocessSpec.of(
        spec.get("resize_shorter_side").asInt(),
        spec.get("center_crop").asInt(),
        ResizeFilter.valueOf(spec.get("interpolation").asText().toUpperCase(Locale.ROOT)),
        floats(spec.get("mean")),
        floats(spec.get("std")));
  }

  private static List<Float> floats(JsonNode values) {
    List<Float> floats = new ArrayList<>();
    values.forEach(value -> floats.add(value.floatValue()));
    return floats;
  }

  private static byte[] littleEndian(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static RgbImage noise(Random random, int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    random.nextBytes(rgb);
    return new RgbImage(width, height, rgb);
  }
}
