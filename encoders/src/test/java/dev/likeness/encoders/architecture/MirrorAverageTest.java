package dev.likeness.encoders.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.RuntimeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorAverageTest {

  private static final int SIDE = 224;

  @TempDir Path folder;

  /** A convolutional network, and one whose tokens depend on the batch. */
  @ParameterizedTest
  @ValueSource(strings = {"efficientnet-b0", "vit-b16"})
  void givesTheMeanOfTheImageAndItsMirrorImageForEveryImageOfABatch(String name)
      throws IOException {
    // Given
    Architecture architecture = ArchitectureCatalog.require(name);
    NetworkOptions usual = architecture.defaults();
    Network plain = architecture.build(usual);
    Network averaged =
        architecture.build(
            new NetworkOptions(usual.size(), usual.pooling(), usual.positionRule(), true));
    float[] image = FormulaWeights.input(SIDE, SIDE);
    float[] other = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      other[i] = image[image.length - 1 - i];
    }
    float[] pair = together(image, other);

    // When
    float[] straight = run(plain, pair);
    float[] mirrored = run(plain, mirrored(pair));
    float[] mean = run(averaged, pair);

    // Then
    float[] expected = new float[straight.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (straight[i] + mirrored[i]) / 2;
    }
    assertThat(averaged.weights()).isEqualTo(plain.weights());
    int length = plain.dimension();
    for (int row = 0; row < 2; row++) {
      float[] want = Arrays.copyOfRange(expected, row * length, (row + 1) * length);
      float[] got = Arrays.copyOfRange(mean, row * length, (row + 1) * length);
      float[] without = Arrays.copyOfRange(straight, row * length, (row + 1) * length);
      assertThat(NetworkParityTest.relativeDistance(got, want)).isLessThan(1e-5);
      assertThat(NetworkParityTest.relativeDistance(without, want)).isGreaterThan(1e-3);
    }
  }

  private float[] run(Network network, float[] images) throws IOException {
    NetworkFiles files = new NetworkWriter(0).write(network, new FormulaWeights(1.8), folder);
    Path graph = folder.resolve("encoder.onnx");
    Files.write(graph, files.onnx());
    try (OnnxRunner runner = OnnxRunner.open(graph, RuntimeOptions.defaults())) {
      long[] shape = {2, 3, SIDE, SIDE};
      return runner.run(Network.INPUT, images, shape, Network.OUTPUT).values();
    }
  }

  private static float[] mirrored(float[] images) {
    float[] mirrored = new float[images.length];
    for (int i = 0; i < images.length; i++) {
      mirrored[i - i % SIDE + SIDE - 1 - i % SIDE] = images[i];
    }
    return mirrored;
  }

  private static float[] together(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
