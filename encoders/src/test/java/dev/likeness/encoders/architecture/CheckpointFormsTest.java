package dev.likeness.encoders.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.checkpoint.Checkpoint;
import dev.likeness.encoders.checkpoint.CheckpointFiles;
import dev.likeness.encoders.checkpoint.CheckpointReader;
import dev.likeness.encoders.checkpoint.TensorType;
import dev.likeness.encoders.checkpoint.TestTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole network, from each form of file that people download to its reference vector. */
class CheckpointFormsTest {

  private static final String NAME = "efficientnet-b0";
  private static final double TOLERANCE = 5e-5;

  private final Architecture architecture = ArchitectureCatalog.require(NAME);
  private final Network network = architecture.build();
  private final EncoderFixture fixture = EncoderFixture.of(NAME);

  @TempDir Path folder;

  @Test
  void safetensorsGivesTheReferenceVector() throws IOException {
    assertReferenceVector(CheckpointFiles.safetensors(file(), published(TensorType.F32)));
  }

  @Test
  void torchZipGivesTheReferenceVector() throws IOException {
    assertReferenceVector(CheckpointFiles.torchZip(file(), published(TensorType.F32)));
  }

  @Test
  void torchLegacyGivesTheReferenceVector() throws IOException {
    assertReferenceVector(CheckpointFiles.torchLegacy(file(), published(TensorType.F32)));
  }

  @Test
  void float16GivesTheVectorOfItsRoundedWeights() throws IOException {
    assertThat(vectorOf(CheckpointFiles.safetensors(file(), published(TensorType.F16))))
        .isEqualTo(vectorOf(value -> Float.float16ToFloat(Float.floatToFloat16(value))));
  }

  @Test
  void bfloat16GivesTheVectorOfItsRoundedWeights() throws IOException {
    assertThat(vectorOf(CheckpointFiles.torchZip(file(), published(TensorType.BF16))))
        .isEqualTo(
            vectorOf(value -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000)));
  }

  private interface Rounding {
    float round(float value);
  }

  /** The published file: all tensors of the fixture, classifier and counters included. */
  private SequencedMap<String, TestTensor> published(TensorType type) {
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    for (EncoderFixture.Tensor tensor : fixture.tensors()) {
      TensorSpec spec = tensor.spec();
      boolean counter = tensor.kind().equals("integer");
      tensors.put(
          spec.name(),
          counter
              ? TestTensor.of(TensorType.I64, List.of(), 7)
              : TestTensor.of(type, spec.shape(), () -> fixture.weights().values(spec)));
    }
    return tensors;
  }

  private void assertReferenceVector(Path file) throws IOException {
    assertThat(NetworkParityTest.relativeDistance(vectorOf(file), fixture.vector("gap")))
        .isLessThanOrEqualTo(TOLERANCE);
  }

  private float[] vectorOf(Path file) throws IOException {
    try (Checkpoint checkpoint = CheckpointReader.open(file)) {
      WeightBinding binding = WeightBinding.bind(architecture, network, checkpoint);
      assertThat(binding.skipped()).contains("classifier.1.weight", "classifier.1.bias");
      assertThat(binding.skipped()).hasSize(51);
      return NetworkParityTest.run(folder, network, binding, 1);
    }
  }

  private float[] vectorOf(Rounding rounding) throws IOException {
    WeightValues rounded =
        weight -> {
          float[] values = fixture.weights().values(weight);
          for (int i = 0; i < values.length; i++) {
            values[i] = rounding.round(values[i]);
          }
          return values;
        };
    return NetworkParityTest.run(folder, network, rounded, 1);
  }

  private Path file() {
    return folder.resolve("downloaded");
  }
}
