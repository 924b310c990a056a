package dev.likeness.encoders.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.likeness.encoders.AcceptanceData;
import dev.likeness.encoders.VectorDistance;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Pooling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as exporters write them give what they gave their exporter. */
class AsExportedTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18_narrow.dynamo",
        "resnet18_narrow.legacy",
        "resnet18_narrow.dynamo_unoptimized",
        "efficientnet_b0_narrow.dynamo",
        "efficientnet_b0_narrow.legacy",
        "vit_tiny_patch16_small.dynamo",
        "vit_tiny_patch16_small.legacy",
        "clip_vision_tiny.dynamo",
        "clip_vision_tiny.legacy",
        "dinov2_tiny.dynamo",
        "dinov2_tiny.legacy"
      })
  void givesTheExportersVectors(String file) throws Exception {
    // Given
    Path onnx = AcceptanceData.require("onnx-as-exported/" + file + ".onnx");
    JsonNode golden =
        MAPPER.readTree(AcceptanceData.require("onnx-as-exported/" + file + ".json").toFile());
    int size = golden.at("/input/shape/2").asInt();

    // When
    ModelPackage model = run(onnx, size, null, Pooling.NONE).model();

    // Then
    assertThat(model.card().batching().allowed()).isTrue();
    assertThat(ModelVerifier.verify(model, RuntimeOptions.ofThreads(1)).passed()).isTrue();
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      for (JsonNode example : golden.get("cases")) {
        int batch = example.get("batch").asInt();
        float[] input = formulaInput(batch * 3 * size * size);
        double[] expected = values(example.at("/outputs/" + model.card().outputTensor()));
        float[] actual = flat(embedder.features(input, batch));
        assertThat(VectorDistance.relativeDistance(actual, expected))
            .isLessThanOrEqualTo(tolerance(golden));
      }
    }
  }

  @Test
  void saysThatLogitsAreLogitsAndTakesTheTensorBeforeThem() {
    Path onnx = AcceptanceData.require("onnx-as-exported/resnet18_narrow.legacy.onnx");

    ImportResult logits = run(onnx, 64, null, Pooling.NONE);
    ImportResult features = run(onnx, 64, ImportRequest.BEFORE_HEAD, Pooling.NONE);

    assertThat(logits.model().card().dimension()).isEqualTo(10);
    assertThat(logits.notes()).singleElement().asString().contains("classifier", "--output ");
    assertThat(features.model().card().dimension()).isEqualTo(96);
  }

  @Test
  void poolsTokensOverPatchesOrTakesTheFirst() throws Exception {
    Path onnx = AcceptanceData.require("onnx-as-exported/dinov2_tiny.dynamo.onnx");
    JsonNode golden =
        MAPPER.readTree(
            AcceptanceData.require("onnx-as-exported/dinov2_tiny.dynamo.json").toFile());
    double[] tokens = values(golden.at("/cases/0/outputs/last_hidden_state"));

    float[] cls = features(run(onnx, 84, null, Pooling.CLS).model());
    float[] mean = features(run(onnx, 84, null, Pooling.GAP).model());
    float[] gem = features(run(onnx, 84, null, Pooling.GEM).model());

    double[] first = java.util.Arrays.copyOf(tokens, 64);
    assertThat(VectorDistance.relativeDistance(cls, first)).isLessThan(2e-5);
    assertThat(VectorDistance.relativeDistance(mean, pooled(tokens, 1))).isLessThan(2e-5);
    assertThat(VectorDistance.relativeDistance(gem, pooled(tokens, 3))).isLessThan(2e-5);
  }

  private ImportResult run(Path onnx, int size, @Nullable String output, Pooling pooling) {
    PreprocessSpec spec =
        PreprocessSpec.of(
            size,
            size,
            ResizeFilter.BICUBIC,
            PreprocessSpec.IMAGENET_MEAN,
            PreprocessSpec.IMAGENET_STD);
    ImportRequest request =
        new ImportRequest(onnx, new EncoderName("exported"), spec, output, pooling);
    return new OnnxImport(ModelStore.open(folder)).run(request, step -> {});
  }

  private static float[] features(ModelPackage model) {
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      return embedder.features(formulaInput(model.card().tensorLength()), 1)[0];
    }
  }

  /** Generalised mean with power p over the 36 patch tokens behind the class token. */
  private static double[] pooled(double[] tokens, int power) {
    double[] pooled = new double[64];
    for (int i = 0; i < 64; i++) {
      double sum = 0;
      for (int token = 1; token < 37; token++) {
        double value = tokens[token * 64 + i];
        sum += power == 1 ? value : Math.pow(Math.max(value, 1e-6), power);
      }
      pooled[i] = Math.pow(Math.abs(sum / 36), 1.0 / power) * (power == 1 ? Math.signum(sum) : 1);
    }
    return pooled;
  }

  private static double tolerance(JsonNode golden) {
    double engines = golden.get("onnxruntime_vs_torch_eager_relative_l2").asDouble();
    double levels = golden.get("onnxruntime_optimized_vs_unoptimized_relative_l2").asDouble();
    return Math.max(2e-5, 10 * Math.max(engines, levels));
  }

  private static double[] values(JsonNode output) {
    JsonNode values = output.get("values");
    double[] result = new double[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i).asDouble();
    }
    return result;
  }

  private static float[] flat(float[][] vectors) {
    float[] flat = new float[vectors.length * vectors[0].length];
    for (int i = 0; i < vectors.length; i++) {
      System.arraycopy(vectors[i], 0, flat, i * vectors[i].length, vectors[i].length);
    }
    return flat;
  }

  /** The deterministic tensor called "input": FNV-1a of the name, then one splitmix64 step each. */
  private static float[] formulaInput(int length) {
    long hash = 0xCBF29CE484222325L;
    for (byte letter : "input".getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ letter) * 0x100000001B3L;
    }
    float[] tensor = new float[length];
    for (int i = 0; i < length; i++) {
      long z = hash + i + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      tensor[i] = (float) (((z ^ (z >>> 31)) >>> 40) / (double) (1 << 23) - 1);
    }
    return tensor;
  }
}
