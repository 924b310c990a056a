package dev.likeness.encoders.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.graph.TinyModels;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.ModelStoreException;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxImageEmbedderTest {

  private static final RuntimeOptions OPTIONS = RuntimeOptions.ofThreads(1);

  @TempDir private Path folder;
  private ModelPackage model;

  @BeforeEach
  void publish() {
    model = ModelStore.open(folder).publish(draft("embedding"));
  }

  @Test
  void givesVectorsOfLengthOne() {
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, OPTIONS)) {
      float[][] vectors = embedder.embed(GoldenPair.inputTensor(3 * 48), 3);
      assertThat(vectors).hasDimensions(3, 5);
      for (float[] vector : vectors) {
        double squares = 0;
        for (float value : vector) {
          squares += (double) value * value;
        }
        assertThat(squares).isBetween(1 - 1e-6, 1 + 1e-6);
      }
    }
  }

  @Test
  void refusesFewerFloatsThanImagesNeed() {
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, OPTIONS)) {
      assertThatThrownBy(() -> embedder.embed(new float[95], 2))
          .hasMessageContaining("2 images need 96 floats, got 95");
      assertThatThrownBy(() -> embedder.embed(new float[95], 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void servesManyThreadsAtOnce() throws Exception {
    float[] input = GoldenPair.inputTensor(48);
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, OPTIONS);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      float[] expected = embedder.embed(input, 1)[0];
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        tasks.add(() -> embedder.embed(input, 1)[0]);
      }
      for (Future<float[]> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void failsAfterItWasClosedAndClosesTwice() {
    OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, OPTIONS);
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embed(new float[48], 1)).hasMessageContaining("unloaded");
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    byte[] bytes = Files.readAllBytes(model.onnxPath());
    bytes[bytes.length / 2] ^= 1;
    Files.write(model.onnxPath(), bytes);
    assertThatThrownBy(() -> OnnxImageEmbedder.open(model, OPTIONS))
        .isInstanceOf(ModelStoreException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void refusesCardOfAnotherGraph() {
    assertThatThrownBy(() -> draft("no-such-output")).hasMessageContaining("no-such-output");
  }

  @Test
  void verificationNoticesAnotherGoldenVector() {
    EncoderCard card = model.card();
    EncoderCard other =
        new EncoderCard(
            card.formatVersion(),
            card.name(),
            card.architecture(),
            card.preprocess(),
            card.inputTensor(),
            card.outputTensor(),
            card.pooling(),
            card.gemPower(),
            card.projection(),
            card.dimension(),
            card.normalization(),
            card.batching(),
            card.weights(),
            card.origin(),
            GoldenPair.of(new float[] {1, 0, 0, 0, 0}),
            card.createdAt(),
            card.notes(),
            null);
    VerifyReport report =
        ModelVerifier.verify(new ModelPackage(model.version(), other, model.directory()), OPTIONS);
    assertThat(report.passed()).isFalse();
    assertThat(report.summary()).contains("does NOT match");
  }

  private static PackageDraft draft(String output) {
    EncoderDescription description =
        new EncoderDescription(
            new EncoderName("tiny"),
            "tiny",
            PreprocessSpec.of(
                4,
                4,
                ResizeFilter.BILINEAR,
                PreprocessSpec.IMAGENET_MEAN,
                PreprocessSpec.IMAGENET_STD),
            "image",
            output,
            Pooling.GAP,
            null,
            Origin.ofArchitecture(1),
            List.of());
    return new PackageAssembler(Clock.systemUTC())
        .assemble(description, TinyModels.pooled().toBytes(), Map.of());
  }
}
