package dev.likeness.encoders.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every network against the vectors of its public reference implementation. */
class NetworkParityTest {

  /** Half of the smallest distance that a wrong detail causes (tanh for erf GELU: 1.2e-4). */
  private static final double TOLERANCE = 5e-5;

  /** Name, output and distance of each comparison, for docs/encoders.md. */
  private static final Path REPORT = Path.of("target", "parity.tsv");

  @TempDir Path folder;

  @BeforeAll
  static void beginReport() throws IOException {
    Files.writeString(REPORT, "");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "clip-vit-b32, NONE, image_embeds",
    "clip-vit-b32, CLS, pooler_output",
    "clip-vit-b16, NONE, image_embeds",
    "dinov2-base, CLS, cls",
    "dinov2-base, GAP, patch_mean",
    "vit-b16, CLS, cls",
    "resnet34, GAP, gap",
    "resnet34, GEM, gem",
    "resnet50, GAP, gap",
    "resnet50, GEM, gem",
    "resnet152, GAP, gap",
    "resnet152, GEM, gem",
    "efficientnet-b0, GAP, gap",
    "efficientnet-b0, GEM, gem",
    "googlenet, GAP, gap",
    "googlenet, GEM, gem",
  })
  void givesTheReferenceVector(String name, Pooling pooling, String output) throws IOException {
    NetworkOptions defaults = ArchitectureCatalog.require(name).defaults();
    NetworkOptions options = new NetworkOptions(defaults.size(), pooling, PositionRule.TO_SIZE);
    assertParity(name, options, output);
  }

  @Test
  void followsTheOriginalPositionRuleOfDinov2() throws IOException {
    InputSize size = InputSize.square(224);
    assertParity(
        "dinov2-base",
        new NetworkOptions(size, Pooling.CLS, PositionRule.BY_FACTOR),
        "cls_original_rule");
  }

  @Test
  void followsAnotherInputSize() throws IOException {
    InputSize size = new InputSize(224, 280);
    assertParity(
        "dinov2-base",
        new NetworkOptions(size, Pooling.CLS, PositionRule.TO_SIZE),
        "nonsquare_224x280/cls");
    assertParity(
        "dinov2-base",
        new NetworkOptions(size, Pooling.GAP, PositionRule.TO_SIZE),
        "nonsquare_224x280/patch_mean");
  }

  /** No reference vectors exist for these two. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet101", "efficientnet-b3"})
  void runsWithoutReference(String name) throws IOException {
    Network network = ArchitectureCatalog.require(name).build();
    assertVector(run(name, network, 1), network);
  }

  /** The widest tower takes a gigabyte; two of its 24 equal layers show that the sizes fit. */
  @Test
  void runsTheWidestTowerAndGivesEveryImageOfABatchItsOwnVector() throws IOException {
    Architecture shallow =
        new Architecture(
            "shallow-l14",
            new ClipVisionTower(1024, 2, 16, 14, 224, 768),
            ArchitectureCatalog.require("clip-vit-l14").preprocess(),
            List.of(Pooling.NONE),
            HuggingFaceNames.clip());
    assertBatchIndependent(shallow.build(), "clip-vit-l14");
  }

  @Test
  void givesEveryImageOfABatchItsOwnVector() throws IOException {
    String name = "efficientnet-b0";
    assertBatchIndependent(ArchitectureCatalog.require(name).build(), name);
  }

  private void assertBatchIndependent(Network network, String name) throws IOException {
    float[] one = run(name, network, 1);
    float[] three = run(name, network, 3);
    assertVector(one, network);
    for (int image = 0; image < 3; image++) {
      float[] row = Arrays.copyOfRange(three, image * one.length, (image + 1) * one.length);
      assertThat(relativeDistance(row, one)).isLessThan(1e-6);
    }
  }

  /** Finite, and not all zero. */
  private static void assertVector(float[] vector, Network network) {
    assertThat(vector).hasSize(network.dimension());
    assertThat(relativeDistance(vector, vector)).isZero();
  }

  private void assertParity(String name, NetworkOptions options, String output) throws IOException {
    float[] expected = EncoderFixture.of(name).vector(output);
    Network network = ArchitectureCatalog.require(name).build(options);
    float[] vector = run(name, network, 1);
    assertThat(vector).hasSameSizeAs(expected);
    double distance = relativeDistance(vector, expected);
    Files.writeString(
        REPORT,
        "%s\t%s\t%s\t%.2e%n".formatted(name, network.parameterCount(), output, distance),
        StandardOpenOption.APPEND);
    assertThat(distance).isLessThanOrEqualTo(TOLERANCE);
  }

  private float[] run(String name, Network network, int batch) throws IOException {
    return run(folder, network, EncoderFixture.of(name).weights(), batch);
  }

  /** Weights go into a data file, so that a large network takes little heap. */
  static float[] run(Path folder, Network network, WeightValues weights, int batch)
      throws IOException {
    NetworkFiles files = new NetworkWriter(0).write(network, weights, folder);
    Path graph = folder.resolve("encoder.onnx");
    Files.write(graph, files.onnx());
    InputSize size = network.options().size();
    float[] image = FormulaWeights.input(size.height(), size.width());
    float[] images = new float[batch * image.length];
    for (int i = 0; i < batch; i++) {
      System.arraycopy(image, 0, images, i * image.length, image.length);
    }
    try (OnnxRunner runner = OnnxRunner.open(graph, RuntimeOptions.defaults())) {
      long[] shape = {batch, 3, size.height(), size.width()};
      return runner.run(Network.INPUT, images, shape, Network.OUTPUT).values();
    }
  }

  /** |a - b| / |b|, infinite if a is not finite. */
  static double relativeDistance(float[] vector, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) vector[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    double distance = Math.sqrt(difference / norm);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }
}
