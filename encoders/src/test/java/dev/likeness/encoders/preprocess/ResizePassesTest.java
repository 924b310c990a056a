package dev.likeness.encoders.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.likeness.encoders.image.RgbImage;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResizePassesTest {

  private final ResizePasses scalar = new ScalarPasses();
  private final ResizePasses vector = new VectorPasses();
  private final Random random = new Random(17);

  @BeforeEach
  void skipWhereRegistersAreShort() {
    assumeTrue(VectorPasses.worthwhile(), "registers of this machine are shorter than 256 bits");
  }

  @ParameterizedTest
  @EnumSource(ResizeFilter.class)
  void bothKindsNarrowAndWidenToTheSameBytes(ResizeFilter filter) {
    for (int round = 0; round < 200; round++) {
      RgbImage image = extremes(1 + random.nextInt(90), 1 + random.nextInt(60));
      int outputs = 1 + random.nextInt(120);
      int firstOutput = random.nextInt(outputs);
      ResizeCoefficients columns =
          ResizeCoefficients.of(
              filter,
              image.width(),
              outputs,
              firstOutput,
              1 + random.nextInt(outputs - firstOutput));
      int firstRow = random.nextInt(image.height());
      int endRow = firstRow + 1 + random.nextInt(image.height() - firstRow);
      assertThat(vector.horizontal(image, columns, firstRow, endRow))
          .containsExactly(scalar.horizontal(image, columns, firstRow, endRow));
    }
  }

  @ParameterizedTest
  @EnumSource(ResizeFilter.class)
  void bothKindsFlattenAndStretchToTheSameBytes(ResizeFilter filter) {
    for (int round = 0; round < 200; round++) {
      RgbImage image = extremes(1 + random.nextInt(40), 1 + random.nextInt(90));
      int outputs = 1 + random.nextInt(120);
      int firstOutput = random.nextInt(outputs);
      ResizeCoefficients rows =
          ResizeCoefficients.of(
              filter,
              image.height(),
              outputs,
              firstOutput,
              1 + random.nextInt(outputs - firstOutput));
      byte[] needed =
          Arrays.copyOfRange(
              image.rgb(),
              rows.inputBegin() * image.width() * 3,
              rows.inputEnd() * image.width() * 3);
      assertThat(vector.vertical(needed, image.width(), rows, rows.inputBegin()))
          .containsExactly(scalar.vertical(needed, image.width(), rows, rows.inputBegin()));
    }
  }

  /** Mostly black and white, so that the cubic overshoots at both ends. */
  private RgbImage extremes(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : -random.nextInt(2));
    }
    return new RgbImage(width, height, rgb);
  }
}
