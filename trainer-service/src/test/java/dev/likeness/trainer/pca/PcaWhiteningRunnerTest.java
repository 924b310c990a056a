package dev.likeness.trainer.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.projection.ProjectionAppender;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.ModelVersion;
import dev.likeness.service.FileRoots;
import dev.likeness.trainer.grpc.FakeEmbedder;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobState;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.trainer.job.TrainingSpec;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.RecordingContext;
import dev.likeness.trainer.work.TrainingFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcaWhiteningRunnerTest {

  static final EncoderName OUTPUT = new EncoderName("mini-pets");

  @TempDir Path folder;
  Path data;
  ModelStore models;
  ModelPackage mini;
  String served;
  RecordingContext context = new RecordingContext();
  final AtomicInteger embedded = new AtomicInteger();

  @BeforeEach
  void publishBase() throws Exception {
    models = ModelStore.open(folder.resolve("models"));
    mini = LikenessMini.publishTo(models, 1);
    served = mini.fingerprint().value();
    data = Files.createDirectories(folder.resolve("data"));
  }

  void drawImages(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Path directory = Files.createDirectories(data.resolve("training/class" + i % 2));
      Files.writeString(directory.resolve(i + ".jpg"), "image " + i);
    }
  }

  /** Gives a vector for each file, unless its bytes begin with "corrupt". */
  EmbeddingSource source() {
    return (encoder, images, _, outcomes) -> {
      for (int i = 0; i < images.size(); i++) {
        byte[] bytes = read(images.get(i).path());
        if (new String(bytes, StandardCharsets.UTF_8).startsWith("corrupt")) {
          outcomes.leftOut(i, "it is cut off");
        } else {
          embedded.incrementAndGet();
          outcomes.embedded(i, FakeEmbedder.vectorOf(bytes, LikenessMini.DIMENSION), served);
        }
      }
    };
  }

  static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PublishedModel run(String id, Integer dimension, int maxImages) throws Exception {
    Method.PcaWhitening method = new Method.PcaWhitening(dimension);
    TrainingSpec spec = new TrainingSpec(data.toString(), LikenessMini.NAME, OUTPUT, 5, method);
    TrainingJob job =
        new TrainingJob(
            new JobId(id), 1, 1, spec, JobState.Queued.fresh(), List.of(), Instant.EPOCH);
    return new PcaWhiteningRunner(
            new FileRoots(List.of(folder), null),
            source(),
            models,
            new ProjectionAppender(Clock.systemUTC()),
            new DraftCheck(folder.resolve("scratch")),
            new PcaSettings(maxImages, 2))
        .run(job, method, context);
  }

  @Test
  void publishesTheEncoderWithItsWhitening() throws Exception {
    drawImages(12);
    PublishedModel model = run("j1", null, 1000);
    ModelPackage published = models.find(new ModelVersion(OUTPUT, 1)).orElseThrow();
    assertThat(model).isEqualTo(new PublishedModel(1, published.fingerprint().value()));
    assertThat(published.card().dimension()).isEqualTo(11);
    assertThat(published.card().origin().jobId()).isEqualTo("j1");
    assertThat(published.card().origin().datasetHash()).matches("[0-9a-f]{64}");
    assertThat(published.card().projection().imageCount()).isEqualTo(12);
    assertThat(context.notes()).containsExactly("12 of 12 training images were used, 0 left out");
    assertThat(context.stages())
        .containsExactly(
            "reading the data set",
            "embedding training images",
            "fitting the whitening",
            "building the encoder",
            "verifying the encoder",
            "publishing");
    assertThat(folder.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void publishesOnceForEachJob() throws Exception {
    drawImages(12);
    PublishedModel first = run("j1", 4, 1000);
    context = new RecordingContext();
    PublishedModel again = run("j1", 4, 1000);
    context = new RecordingContext();
    PublishedModel other = run("j2", 4, 1000);
    assertThat(again).isEqualTo(first);
    assertThat(embedded).hasValue(24);
    assertThat(other.version()).isEqualTo(2);
    assertThat(other.fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void namesSomeOfTheImagesThatAreLeftOut() throws Exception {
    drawImages(12);
    for (int i = 0; i < 3; i++) {
      Files.writeString(data.resolve("training/class0/bad" + i + ".jpg"), "corrupt");
    }
    run("j1", null, 1000);
    assertThat(context.notes())
        .containsExactly(
            "left out class0/bad0.jpg: it is cut off",
            "left out class0/bad1.jpg: it is cut off",
            "12 of 15 training images were used, 3 left out");
  }

  @Test
  void samplesALargeSet() throws Exception {
    drawImages(30);
    run("j1", null, 10);
    assertThat(embedded).hasValue(10);
    assertThat(context.notes().getFirst())
        .isEqualTo("of 30 training images, 10 drawn with seed 5 were used");
  }

  @Test
  void fitsTheVersionThatTheEmbedderServes() throws Exception {
    drawImages(12);
    LikenessMini.publishTo(models, 2);
    run("j1", null, 1000);
    assertThat(models.find(OUTPUT).orElseThrow().card().projection().sourceFingerprint())
        .isEqualTo(mini.fingerprint().value());
  }

  @Test
  void saysThatThereAreTooFewImages() throws Exception {
    drawImages(7);
    assertFailure("has 7 training images", "at least 8");
  }

  @Test
  void saysThatTooFewImagesAreReadable() throws Exception {
    drawImages(7);
    Files.writeString(data.resolve("training/class0/bad.jpg"), "corrupt");
    assertFailure("only 7 of 8", "the notes say");
  }

  @Test
  void saysThatThereIsNoTrainingFolder() {
    assertFailure("has 0 training images", "training/<class>/");
  }

  @Test
  void saysThatTheDataSetIsGone() throws Exception {
    Files.delete(data);
    assertFailure("there is no directory");
  }

  @Test
  void saysThatTheDataSetIsOutsideTheRoots() {
    data = Path.of("/");
    assertFailure("not an absolute path below one of the allowed directories");
  }

  @Test
  void saysThatTheDimensionIsTooLarge() throws Exception {
    drawImages(12);
    assertThatThrownBy(() -> run("j1", 300, 1000))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("larger than the 256");
    context = new RecordingContext();
    assertThatThrownBy(() -> run("j1", 12, 1000))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("at least 13");
    assertThat(models.find(OUTPUT)).isEmpty();
  }

  @Test
  void saysThatTheEmbedderUsesAnotherModelStore() throws Exception {
    drawImages(12);
    served = "0".repeat(64);
    assertFailure("not in the trainer's model store");
  }

  @Test
  void publishesNothingWhenItIsCancelled() throws Exception {
    drawImages(12);
    for (int checkpoints = 0; checkpoints < 17; checkpoints++) {
      context = new RecordingContext();
      context.cancelAfter(checkpoints);
      assertThatThrownBy(() -> run("j1", null, 1000))
          .as("cancelled at checkpoint %d", checkpoints)
          .isInstanceOf(JobInterruptedException.class);
      assertThat(models.find(OUTPUT)).isEmpty();
    }
  }

  private void assertFailure(String... parts) {
    assertThatThrownBy(() -> run("j1", null, 1000))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContainingAll(parts);
    assertThat(models.find(OUTPUT)).isEmpty();
  }
}
