package dev.likeness.encoders.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.likeness.encoders.AcceptanceData;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Pooling;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real weights give the figures that were measured with another runtime. */
class PublishedWeightsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"mobilenetv2-torchvision", "resnet18-layer3", "mobilenetv2-int8-asis"})
  void givesTheGoldenVector(String weights) throws Exception {
    // Given
    JsonNode golden =
        JsonMapper.builder()
            .build()
            .readTree(AcceptanceData.require("weights/" + weights + "/model.golden.json").toFile());
    ModelPackage model = run(weights);

    // When
    float[] vector;
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      vector = embedder.features(GoldenPair.inputTensor(embedder.tensorLength()), 1)[0];
    }

    // Then: the file is kept byte for byte, and its vector is that of the other runtime
    assertThat(model.card().weights().onnxSha256()).isEqualTo(golden.get("sha256").asText());
    assertThat(vector).hasSize(golden.get("golden_dim").asInt());
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = golden.get("golden_l2").asDouble();
    assertThat(Math.sqrt(squares)).isCloseTo(length, within(1e-4 * Math.max(1, length)));
    for (int i = 0; i < 8; i++) {
      double expected = golden.get("golden_first8").get(i).asDouble();
      assertThat((double) vector[i]).isCloseTo(expected, within(1e-4));
    }
    for (int i = 0; i < 4; i++) {
      double expected = golden.get("golden_last4").get(i).asDouble();
      assertThat((double) vector[vector.length - 4 + i]).isCloseTo(expected, within(1e-4));
    }
  }

  @Test
  void runsModelWhoseVectorsDependOnTheBatchOneByOne() {
    // Given
    ModelPackage model = run("mobilenetv2-int8-asis");
    int length = model.card().tensorLength();
    float[] pair = new float[2 * length];
    System.arraycopy(GoldenPair.inputTensor(length), 0, pair, 0, length);
    Arrays.fill(pair, length, 2 * length, 2.5f);

    // When
    float[] together;
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      together = embedder.embed(pair, 2)[0];
      assertThat(embedder.dynamicBatch()).isFalse();
    }

    // Then
    assertThat(model.card().batching().invariant()).isFalse();
    assertThat(together).containsExactly(model.card().golden().expected(), offset(1e-4f));
    assertThat(model.card().notes()).anyMatch(note -> note.contains("one by one"));
    assertThat(model.card().notes()).anyMatch(note -> note.contains("classifier"));
  }

  private ModelPackage run(String weights) {
    Path onnx = AcceptanceData.require("weights/" + weights + "/model.onnx");
    ImportRequest request =
        new ImportRequest(
            onnx, new EncoderName("published"), PreprocessSpec.imagenet(), null, Pooling.NONE);
    return new OnnxImport(ModelStore.open(folder)).run(request, step -> {}).model();
  }
}
