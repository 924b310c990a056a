package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.trainer.v1.CancelTrainingJobRequest;
import dev.likeness.trainer.v1.CancelTrainingJobResponse;
import dev.likeness.trainer.v1.CreateTrainingJobRequest;
import dev.likeness.trainer.v1.CreateTrainingJobResponse;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.trainer.v1.GetTrainingJobRequest;
import dev.likeness.trainer.v1.GetTrainingJobResponse;
import dev.likeness.trainer.v1.ListTrainingJobsRequest;
import dev.likeness.trainer.v1.ListTrainingJobsResponse;
import dev.likeness.trainer.v1.PromotionVerdict;
import dev.likeness.trainer.v1.TrainerServiceGrpc.TrainerServiceImplBase;
import dev.likeness.trainer.v1.TrainingEpoch;
import dev.likeness.trainer.v1.TrainingFigures;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.TrainingSpec;
import dev.likeness.trainer.v1.ValidationScore;
import dev.likeness.trainer.v1.WatchTrainingJobRequest;
import dev.likeness.trainer.v1.WatchTrainingJobResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCommandsTest {

  @TempDir private Path directory;

  @Test
  void trainsWithLiveFiguresAndShowsTheVerdict() throws Exception {
    FakeTrainer trainer = new FakeTrainer();
    try (FakePlatform platform = FakePlatform.of(trainer)) {
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "train",
              "--data",
              ".",
              "--encoder",
              "mini",
              "--train",
              "last:2",
              "--loss",
              "arcface",
              "--epochs",
              "3",
              "--lr",
              "0.01",
              "--batch",
              "32",
              "--seed",
              "7",
              "--json");

      assertThat(run.exitCode()).as(run.err()).isZero();
      TrainingSpec spec = trainer.created;
      assertThat(spec.getOutputEncoder()).isEqualTo("mini");
      assertThat(spec.getSeed()).isEqualTo(7);
      assertThat(spec.getFineTune())
          .isEqualTo(
              FineTuneMethod.newBuilder()
                  .setTrain("last:2")
                  .setLoss("arcface")
                  .setEpochs(3)
                  .setLearningRate(0.01)
                  .setClassesPerBatch(8)
                  .setImagesPerClass(4)
                  .build());
      assertThat(run.err())
          .contains(
              "training, epoch 2 of 3, loss 0.500, score 812, 34 images/s, 3 min left: 40 of 100");
      assertThat(run.out())
          .contains("\"version\":2", "\"promoted\":true", "\"difference_low\":12.0")
          .contains("\"epochs\":[{\"epoch\":1,\"stage\":\"head\",\"loss\":0.5,\"score\":812.0");
    }
  }

  @Test
  void saysWhyAJobFailed() throws Exception {
    FakeTrainer trainer = new FakeTrainer();
    trainer.failure = "class 'a' has one image";
    try (FakePlatform platform = FakePlatform.of(trainer)) {
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "train", "--data", ".", "--encoder", "mini");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("job j1 failed: class 'a' has one image");
    }
  }

  @Test
  void listsShowsAndCancelsJobs() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeTrainer())) {
      CommandLineRun list = CommandLineRun.against(platform, directory, "jobs", "list");
      assertThat(list.out()).contains("j1", "succeeded", "mini/2", "serves since then");
      CommandLineRun show = CommandLineRun.against(platform, directory, "jobs", "show", "j1");
      assertThat(show.out())
          .contains("    1  head       0.500    812.0", "Serves: better", "Report: /r.html");
      CommandLineRun watch = CommandLineRun.against(platform, directory, "jobs", "watch", "j1");
      assertThat(watch.exitCode()).isZero();
      assertThat(watch.out()).contains("Published mini/2 (job j1)");
      CommandLineRun cancel = CommandLineRun.against(platform, directory, "jobs", "cancel", "j1");
      assertThat(cancel.out()).contains("Job j1 is asked to stop");
    }
  }

  @Test
  void refusesWrongOptionsBeforeItNeedsThePlatform() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeTrainer())) {
      for (String[] wrong :
          new String[][] {
            {"--train", "tail"}, {"--loss", "hinge"}, {"--epochs", "0"}, {"--lr", "-1"},
            {"--lr", "NaN"}, {"--batch", "1"}, {"--batch", "8x1"}, {"--batch", "99999"},
            {"--hold-out", "colour"}, {"--device", "tpu"}, {"--dimension", "-1"}
          }) {
        CommandLineRun run =
            CommandLineRun.against(
                platform,
                directory,
                "train",
                "--data",
                ".",
                "--encoder",
                "mini",
                wrong[0],
                wrong[1]);
        assertThat(run.exitCode()).as(wrong[0]).isEqualTo(2);
        assertThat(run.err()).contains(wrong[0] + " must");
      }
    }
  }

  /** A trainer with one job that runs and ends. */
  private static final class FakeTrainer extends TrainerServiceImplBase {
    private volatile TrainingSpec created =
        TrainingSpec.newBuilder().setOutputEncoder("mini").build();
    private volatile String failure = "";

    private TrainingJob job(TrainingJobState state) {
      TrainingJob.Builder job =
          TrainingJob.newBuilder().setId("j1").setSpec(created).setState(state);
      switch (state) {
        case TRAINING_JOB_STATE_RUNNING ->
            job.setStage("training")
                .setProgress(0.4)
                .setFigures(
                    TrainingFigures.newBuilder()
                        .setEpoch(2)
                        .setEpochs(3)
                        .setLoss(0.5)
                        .setValidationScore(812)
                        .setImagesPerSecond(34.2)
                        .setSecondsLeft(181));
        case TRAINING_JOB_STATE_SUCCEEDED ->
            job.setPublishedVersion(2)
                .setReportPath("/r.html")
                .setPromotion(
                    PromotionVerdict.newBuilder()
                        .setPromoted(true)
                        .setReason("better")
                        .setDifferenceLow(12));
        default -> job.setFailureReason(failure);
      }
      return job.build();
    }

    private TrainingJob ended() {
      return job(
          failure.isEmpty()
              ? TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED
              : TrainingJobState.TRAINING_JOB_STATE_FAILED);
    }

    @Override
    public void createTrainingJob(
        CreateTrainingJobRequest request, StreamObserver<CreateTrainingJobResponse> replies) {
      created = request.getSpec();
      answer(
          replies,
          CreateTrainingJobResponse.newBuilder()
              .setJob(job(TrainingJobState.TRAINING_JOB_STATE_QUEUED))
              .build());
    }

    @Override
    public void watchTrainingJob(
        WatchTrainingJobRequest request, StreamObserver<WatchTrainingJobResponse> replies) {
      replies.onNext(
          WatchTrainingJobResponse.newBuilder()
              .setJob(job(TrainingJobState.TRAINING_JOB_STATE_RUNNING))
              .build());
      answer(replies, WatchTrainingJobResponse.newBuilder().setJob(ended()).build());
    }

    @Override
    public void getTrainingJob(
        GetTrainingJobRequest request, StreamObserver<GetTrainingJobResponse> replies) {
      answer(
          replies,
          GetTrainingJobResponse.newBuilder()
              .setJob(ended())
              .addEpochs(
                  TrainingEpoch.newBuilder()
                      .setEpoch(1)
                      .setStage("head")
                      .setLoss(0.5)
                      .setBest(true)
                      .setValidation(ValidationScore.newBuilder().setScore(812)))
              .build());
    }

    @Override
    public void listTrainingJobs(
        ListTrainingJobsRequest request, StreamObserver<ListTrainingJobsResponse> replies) {
      answer(replies, ListTrainingJobsResponse.newBuilder().addJobs(ended()).build());
    }

    @Override
    public void cancelTrainingJob(
        CancelTrainingJobRequest request, StreamObserver<CancelTrainingJobResponse> replies) {
      answer(
          replies,
          CancelTrainingJobResponse.newBuilder()
              .setJob(job(TrainingJobState.TRAINING_JOB_STATE_RUNNING))
              .build());
    }

    private static <T> void answer(StreamObserver<T> replies, T message) {
      replies.onNext(message);
      replies.onCompleted();
    }
  }
}
