package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc.EmbedderServiceImplBase;
import dev.likeness.embedder.v1.Embedding;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EncoderState;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderResponse;
import dev.likeness.embedder.v1.ListEncodersRequest;
import dev.likeness.embedder.v1.ListEncodersResponse;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderResponse;
import dev.likeness.trainer.v1.CreateTrainingJobRequest;
import dev.likeness.trainer.v1.CreateTrainingJobResponse;
import dev.likeness.trainer.v1.TrainerServiceGrpc.TrainerServiceImplBase;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.WatchTrainingJobRequest;
import dev.likeness.trainer.v1.WatchTrainingJobResponse;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderCommandsTest {
  private static final Encoder MINI =
      Encoder.newBuilder()
          .setName("mini")
          .setVersion(2)
          .setDimension(3)
          .setState(EncoderState.ENCODER_STATE_ACTIVE)
          .setArchitecture("likeness-mini")
          .setTrained(false)
          .setModelSizeBytes(1_500_000)
          .setBatchInvariant(true)
          .build();

  @TempDir private Path directory;

  @Test
  void embedsImagesUnderTheNamesTheyWereGivenBy() throws Exception {
    // Given
    Files.writeString(directory.resolve("a.jpg"), "good");
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("sub/b.jpg"), "good");

    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "embed", "a.jpg", "sub/b.jpg", "--encoder", "mini", "--json");

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.out().strip())
          .isEqualTo(
              "{\"encoder\":\"mini\",\"dimension\":3,\"vectors\":"
                  + "{\"a.jpg\":[0.6,0.8,0.1],\"sub/b.jpg\":[0.6,0.8,0.1]}}");
    }
  }

  @Test
  void keepsTheVectorsOfTheOtherImagesWhenOneFails() throws Exception {
    // Given
    Files.writeString(directory.resolve("a.jpg"), "good");
    Files.writeString(directory.resolve("b.jpg"), "bad");

    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "embed", "b.jpg", "a.jpg", "--encoder", "mini", "--json");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.json().at("/vectors/a.jpg").size()).isEqualTo(3);
      assertThat(run.json().at("/vectors/b.jpg").isMissingNode()).isTrue();
      assertThat(run.json().at("/failures/b.jpg/reason").asText()).isEqualTo("IMAGE_CORRUPT");
      assertThat(run.json().at("/error/reason").asText()).isEqualTo("IMAGES_FAILED");
      assertThat(run.err()).contains("b.jpg: the JPEG ends too early");
    }
  }

  @Test
  void listsEncoders() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run = CommandLineRun.against(platform, directory, "encoders", "list");

      // Then
      assertThat(run.out())
          .isEqualTo(
              """
              name                     ver. values  state           size  kind
              mini                        2      3  active        1.5 MB  likeness-mini, untrained
              """);
    }
  }

  @Test
  void importsAModelWithTheRealPathAndTheGivenPreprocessing() throws Exception {
    // Given
    Files.writeString(directory.resolve("m.onnx"), "model");
    FakeEmbedder embedder = new FakeEmbedder();

    try (FakePlatform platform = FakePlatform.of(embedder)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "encoders import m.onnx --name mini --resize 256 --size 224 --filter bicubic"
                  .concat(" --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --json")
                  .split(" "));

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("version").asInt()).isEqualTo(2);
      assertThat(embedder.imported.getModelPath())
          .isEqualTo(directory.toRealPath().resolve("m.onnx").toString());
      assertThat(embedder.imported.getPreprocessing().getResizeShorterSide()).isEqualTo(256);
      assertThat(embedder.imported.getPreprocessing().getStdList())
          .containsExactly(0.229f, 0.224f, 0.225f);
      assertThat(run.err()).contains("batch of 1, served one by one");
    }
  }

  @Test
  void failsWhenVerificationFindsADifference() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "encoders", "verify", "mini", "--json");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.json().get("passed").asBoolean()).isFalse();
      assertThat(run.json().get("golden_cosine").isNull()).isTrue();
      assertThat(run.json().at("/error/message").asText()).contains("the file was changed");
    }
  }

  @Test
  void fitsAWhiteningProjectionAndSaysWhichVersionWasPublished() throws Exception {
    // Given
    Files.createDirectories(directory.resolve("data"));
    FakeTrainer trainer = new FakeTrainer();

    try (FakePlatform platform = FakePlatform.of(trainer)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "fit-whitening",
              "--data",
              "data",
              "--encoder",
              "mini",
              "--json");

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("encoder").asText()).isEqualTo("mini-white");
      assertThat(run.json().get("version").asInt()).isEqualTo(1);
      assertThat(trainer.received.getSpec().hasPcaWhitening()).isTrue();
      assertThat(run.err()).contains("embedding training images: 50 of 100");
    }
  }

  private static final class FakeEmbedder extends EmbedderServiceImplBase {
    private volatile ImportEncoderRequest imported;

    @Override
    public StreamObserver<EmbedImagesRequest> embedImages(
        StreamObserver<EmbedImagesResponse> responses) {
      return new StreamObserver<>() {
        @Override
        public void onNext(EmbedImagesRequest request) {
          EmbedImagesResponse.Builder outcome =
              EmbedImagesResponse.newBuilder().setKey(request.getKey());
          if (request.getImage().toStringUtf8().equals("good")) {
            outcome.setEmbedding(
                Embedding.newBuilder().addValues(0.6f).addValues(0.8f).addValues(0.1f));
          } else {
            outcome.setError(
                FakePlatform.status(
                    Code.INVALID_ARGUMENT, "IMAGE_CORRUPT", "the JPEG ends too early"));
          }
          responses.onNext(outcome.build());
        }

        @Override
        public void onError(Throwable failure) {
          // the client has gone
        }

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }

    @Override
    public void listEncoders(
        ListEncodersRequest request, StreamObserver<ListEncodersResponse> response) {
      response.onNext(ListEncodersResponse.newBuilder().addEncoders(MINI).build());
      response.onCompleted();
    }

    @Override
    public void importEncoder(
        ImportEncoderRequest request, StreamObserver<ImportEncoderResponse> response) {
      imported = request;
      response.onNext(
          ImportEncoderResponse.newBuilder().setMessage("batch of 1, served one by one").build());
      response.onNext(ImportEncoderResponse.newBuilder().setEncoder(MINI).build());
      response.onCompleted();
    }

    @Override
    public void verifyEncoder(
        VerifyEncoderRequest request, StreamObserver<VerifyEncoderResponse> response) {
      response.onNext(
          VerifyEncoderResponse.newBuilder()
              .setPassed(false)
              .setFailureReason("the file was changed")
              .build());
      response.onCompleted();
    }
  }

  private static final class FakeTrainer extends TrainerServiceImplBase {
    private volatile CreateTrainingJobRequest received;

    @Override
    public void createTrainingJob(
        CreateTrainingJobRequest request, StreamObserver<CreateTrainingJobResponse> response) {
      received = request;
      response.onNext(
          CreateTrainingJobResponse.newBuilder()
              .setJob(TrainingJob.newBuilder().setId("job-1"))
              .build());
      response.onCompleted();
    }

    @Override
    public void watchTrainingJob(
        WatchTrainingJobRequest request, StreamObserver<WatchTrainingJobResponse> response) {
      TrainingJob.Builder job =
          TrainingJob.newBuilder()
              .setId(request.getId())
              .setSpec(received.getSpec())
              .setState(TrainingJobState.TRAINING_JOB_STATE_RUNNING)
              .setStage("embedding training images")
              .setProgress(0.5);
      response.onNext(WatchTrainingJobResponse.newBuilder().setJob(job).build());
      job.setState(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED).setPublishedVersion(1);
      response.onNext(WatchTrainingJobResponse.newBuilder().setJob(job).build());
      response.onCompleted();
    }
  }
}
