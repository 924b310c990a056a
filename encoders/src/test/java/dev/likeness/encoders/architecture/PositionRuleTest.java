package dev.likeness.encoders.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PositionRuleTest {

  private static final int WIDTH = 8;
  private static final int PATCH = 4;
  private static final int TRAINED_GRID = 5;
  private static final int OTHER_GRID = 7;
  private static final FormulaWeights FORMULA = new FormulaWeights(1);

  @TempDir Path folder;

  private interface Family {
    Backbone trainedFor(int size);
  }

  static Stream<Family> families() {
    return Stream.of(
        size -> new ClipVisionTower(WIDTH, 1, 2, PATCH, size, 6),
        size -> new Dinov2(WIDTH, 1, 2, PATCH, size),
        size -> new VisionTransformer(WIDTH, 1, 2, PATCH, size));
  }

  /** The same as a network that was trained for the other size, with positions made by hand. */
  @ParameterizedTest
  @MethodSource("families")
  void everyFamilyFollowsTheInputSize(Family family) throws IOException {
    // Given
    InputSize size = InputSize.square(OTHER_GRID * PATCH);
    Network resampling = network(family.trainedFor(TRAINED_GRID * PATCH), size);
    Network trained = network(family.trainedFor(OTHER_GRID * PATCH), size);
    WeightValues byHand =
        weight ->
            weight.name().matches(".*pos(ition)?_embedding.*")
                ? resampled(weight)
                : FORMULA.values(weight);

    // When
    float[] actual = NetworkParityTest.run(folder, resampling, FORMULA, 1);
    float[] expected = NetworkParityTest.run(folder, trained, byHand, 1);

    // Then
    assertThat(NetworkParityTest.relativeDistance(actual, expected)).isLessThan(1e-6);
  }

  @Test
  void sameSizeIsLeftAsItIs() {
    float[] matrix = PositionRule.TO_SIZE.matrix(3, 3);
    assertThat(matrix).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1);
  }

  @Test
  void everyRowKeepsTheMean() {
    for (PositionRule rule : PositionRule.values()) {
      float[] matrix = rule.matrix(37, 16);
      for (int row = 0; row < 16; row++) {
        double sum = 0;
        for (int column = 0; column < 37; column++) {
          sum += matrix[row * 37 + column];
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void refusesSizesThatAreNoMultipleOfThePatch() {
    NetworkOptions options =
        new NetworkOptions(new InputSize(224, 225), Pooling.CLS, PositionRule.TO_SIZE);
    assertThatThrownBy(() -> ArchitectureCatalog.require("dinov2-base").build(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("patches of 14 pixels; 224 x 225 is no multiple");
  }

  private static Network network(Backbone backbone, InputSize size) {
    Pooling pooling = backbone instanceof ClipVisionTower ? Pooling.NONE : Pooling.CLS;
    return new Architecture(
            "small",
            backbone,
            ArchitectureCatalog.require("dinov2-base").preprocess(),
            List.of(pooling),
            List.of())
        .build(new NetworkOptions(size, pooling, PositionRule.TO_SIZE));
  }

  /** Bicubic with a = -0.75 as a sum over all source cells, edges repeated. */
  private static float[] resampled(TensorSpec larger) {
    List<Long> shape =
        larger.shape().stream()
            .map(
                length ->
                    length == 1 + OTHER_GRID * OTHER_GRID
                        ? 1L + TRAINED_GRID * TRAINED_GRID
                        : length)
            .toList();
    float[] given = FORMULA.values(new TensorSpec(larger.name(), shape));
    float[] made = new float[Math.toIntExact(larger.elementCount())];
    System.arraycopy(given, 0, made, 0, WIDTH);
    double step = (double) TRAINED_GRID / OTHER_GRID;
    for (int cell = 0; cell < OTHER_GRID * OTHER_GRID; cell++) {
      int line = cell / OTHER_GRID;
      int place = cell % OTHER_GRID;
      double y = (line + 0.5) * step - 0.5;
      double x = (place + 0.5) * step - 0.5;
      for (int channel = 0; channel < WIDTH; channel++) {
        double sum = 0;
        for (int row = -2; row < TRAINED_GRID + 2; row++) {
          for (int column = -2; column < TRAINED_GRID + 2; column++) {
            int source =
                1
                    + Math.clamp(row, 0, TRAINED_GRID - 1) * TRAINED_GRID
                    + Math.clamp(column, 0, TRAINED_GRID - 1);
            sum += kernel(y - row) * kernel(x - column) * given[source * WIDTH + channel];
          }
        }
        made[(1 + cell) * WIDTH + channel] = (float) sum;
      }
    }
    return made;
  }

  private static double kernel(double signed) {
    double d = Math.abs(signed);
    if (d >= 2) {
      return 0;
    }
    return d <= 1
        ? 1.25 * d * d * d - 2.25 * d * d + 1
        : -0.75 * d * d * d + 3.75 * d * d - 6 * d + 3;
  }
}
