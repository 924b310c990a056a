package dev.likeness.encoders.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.UnitLength;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Projection;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectionAppenderTest {

  private static final RuntimeOptions OPTIONS = RuntimeOptions.ofThreads(1);

  @TempDir private Path folder;
  private ModelStore store;
  private ModelPackage source;

  @BeforeEach
  void publish() {
    store = ModelStore.open(folder);
    source = LikenessMini.publishTo(store, 3);
  }

  @Test
  void graphGivesWhatTheProjectionGives() {
    // Given
    LinearProjection projection = projection(LikenessMini.DIMENSION, 16, 1);
    float[] input = GoldenPair.inputTensor(source.card().tensorLength());
    float[] expected;
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(source, OPTIONS)) {
      expected = projection.apply(embedder.embed(input, 1)[0]);
      UnitLength.scale(expected);
    }

    // When
    ModelPackage projected =
        store.publish(
            new ProjectionAppender(Clock.systemUTC()).append(source, projection, request("job")));

    // Then
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(projected, OPTIONS)) {
      assertThat(embedder.embed(input, 1)[0]).containsExactly(expected, within(1e-5f));
    }
    assertThat(projected.card().dimension()).isEqualTo(16);
    assertThat(projected.card().batching().allowed()).isTrue();
    Projection recorded = Objects.requireNonNull(projected.card().projection());
    assertThat(recorded.sourceFingerprint()).isEqualTo(source.fingerprint().value());
    assertThat(recorded.imageCount()).isEqualTo(40);
    assertThat(projected.card().origin().trained()).isFalse();
  }

  @Test
  void projectionOfAProjectionWorks() {
    ProjectionAppender appender = new ProjectionAppender(Clock.systemUTC());
    ModelPackage once =
        store.publish(appender.append(source, projection(256, 16, 1), request("one")));
    ModelPackage twice = store.publish(appender.append(once, projection(16, 4, 2), request("two")));
    assertThat(twice.card().dimension()).isEqualTo(4);
    assertThat(twice.version().version()).isEqualTo(2);
  }

  @Test
  void oneJobPublishesOneVersion() {
    ProjectionAppender appender = new ProjectionAppender(Clock.systemUTC());
    ModelPackage first =
        store.publish(appender.append(source, projection(256, 16, 1), request("one")));
    ModelPackage again =
        store.publish(appender.append(source, projection(256, 16, 1), request("one")));
    assertThat(again).isEqualTo(first);
  }

  @Test
  void refusesProjectionOfAnotherDimension() {
    assertThatThrownBy(
            () ->
                new ProjectionAppender(Clock.systemUTC())
                    .append(source, projection(100, 16, 1), request("one")))
        .hasMessageContaining("takes 100 values, model likeness-mini/1 gives 256");
  }

  private static ProjectionRequest request(String job) {
    return new ProjectionRequest(
        new EncoderName("mini-pca"), PcaWhitening.KIND, job, "ab".repeat(32), 40, 0.2);
  }

  private static LinearProjection projection(int in, int out, long seed) {
    Random random = new Random(seed);
    float[] mean = new float[in];
    float[][] matrix = new float[in][out];
    for (int row = 0; row < in; row++) {
      mean[row] = (float) random.nextGaussian() / 100;
      for (int column = 0; column < out; column++) {
        matrix[row][column] = (float) random.nextGaussian();
      }
    }
    return new LinearProjection(mean, matrix);
  }
}
