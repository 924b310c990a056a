package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.system.LocalPlatform.ServiceName;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.TrainingSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Training jobs through the real broker: repeated commands, kill -9, a broker that was away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingJobIT {

  @TempDir static Path folder;
  private LocalPlatform platform;
  private TrainingJobs jobs;
  private Path data;
  private Path few;

  @BeforeAll
  void start() {
    platform = LocalPlatform.start(folder.resolve("home"), 5000);
    jobs = new TrainingJobs(platform);
    data = folder.resolve("data");
    platform.run("sample", data.toString(), "--seed", "3").succeeded();
    platform.run("roots", "add", data.toString()).succeeded();
    few = data.resolve("few"); // where each step of a fine-tuning counts
    platform.run("sample", few.toString(), "--seed", "3", "--training", "6").succeeded();
  }

  @AfterAll
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void aJobPublishesAnEncoderThatIsServed() {
    JsonNode job =
        platform
            .run(
                "fit-whitening",
                "--data",
                data.toString(),
                "--encoder",
                "likeness-mini",
                "--as",
                "white-by-cli",
                "--json")
            .succeeded()
            .json();
    assertThat(job.get("version").asInt()).isEqualTo(1);
    JsonNode report =
        platform.run("encoders", "verify", "white-by-cli", "--json").succeeded().json();
    assertThat(report.get("passed").asBoolean()).isTrue();
  }

  @Test
  void aCommandThatArrivesTwicePublishesOneVersion() throws Exception {
    jobs.sendWhitening("twice", data, "white-twice");
    jobs.sendWhitening("twice", data, "white-twice");
    TrainingJob job = jobs.waitForEnd("twice");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(jobs.versions("white-twice")).isEqualTo(1);
  }

  @Test
  void aJobSurvivesKillOfItsTrainer() throws Exception {
    jobs.sendWhitening("killed", data, "white-killed");
    jobs.waitFor("killed", job -> job.getState() != TrainingJobState.TRAINING_JOB_STATE_QUEUED);
    platform.kill(ServiceName.TRAINER);
    platform.run("up").succeeded();
    TrainingJob job = jobs.waitForEnd("killed");
    assertThat(job.getState())
        .as(job.getFailureReason())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(jobs.versions("white-killed")).isEqualTo(1);
  }

  @Test
  void aBrokerThatWasAwayLosesNoCommand() throws Exception {
    jobs.sendWhitening("restarted", data, "white-restarted");
    platform.kill(ServiceName.KAFKA);
    platform.run("up").succeeded();
    TrainingJob job = jobs.waitForEnd("restarted");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
  }

  @Test
  void aPoisonMessageDoesNotStopTheNextJob() throws Exception {
    jobs.send("poison", new byte[] {1, 2, 3});
    jobs.sendWhitening("after-poison", data, "white-after-poison");
    assertThat(jobs.waitForEnd("after-poison").getState())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
  }

  @Test
  void aJobWithoutImagesFailsWithItsReason() throws Exception {
    Path empty = Files.createDirectories(data.resolve("empty"));
    Files.createDirectories(empty.resolve("training"));
    jobs.send(
        "empty",
        TrainingJobs.spec(empty, "white-empty")
            .setPcaWhitening(PcaWhiteningMethod.getDefaultInstance())
            .build());
    TrainingJob job = jobs.waitForEnd("empty");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_FAILED);
    assertThat(job.getFailureReason()).contains("training");
  }

  @Test
  void aFineTuningThatIsKilledTwiceGivesTheEncoderThatWouldHaveBeen() throws Exception {
    FineTuneMethod method =
        FineTuneMethod.newBuilder().setTrain("all").setEpochs(4).setHeadEpochs(1).build();
    TrainingSpec spec = TrainingJobs.spec(few, "tuned").setFineTune(method).setSeed(11).build();

    // Given one that runs through
    jobs.send("through", spec.toBuilder().setOutputEncoder("tuned-through").build());
    TrainingJob through = jobs.waitForEnd("through");

    // When
    int tries = 1;
    TrainingJob broken = killTwice("broken" + tries, spec);
    while (broken.getAttempt() == 1 && tries < 5) { // it ended before anybody looked
      tries++;
      broken = killTwice("broken" + tries, spec);
    }

    // Then
    assertThat(through.getState())
        .as(through.getFailureReason())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(broken.getState())
        .as(broken.getFailureReason())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(broken.getAttempt()).isGreaterThan(1);
    assertThat(broken.getPublishedFingerprint())
        .isNotEmpty()
        .isEqualTo(through.getPublishedFingerprint());
    assertThat(jobs.versions("tuned-broken" + tries)).isEqualTo(1);
  }

  private TrainingJob killTwice(String id, TrainingSpec spec) throws Exception {
    jobs.send(id, spec.toBuilder().setOutputEncoder("tuned-" + id).build());
    for (int epoch : List.of(2, 3)) {
      jobs.waitFor(id, job -> job.getFigures().getEpoch() >= epoch || job.hasEndTime());
      platform.kill(ServiceName.TRAINER);
      platform.run("up").succeeded();
    }
    return jobs.waitForEnd(id);
  }

  @Test
  void aFineTuningOfOneClassFailsWithItsReason() throws Exception {
    Path alone = Files.createDirectories(data.resolve("alone/training/only")).getParent();
    try (Stream<Path> images = Files.walk(data.resolve("training"))) {
      for (Path image : images.filter(Files::isRegularFile).sorted().limit(8).toList()) {
        Files.copy(image, alone.resolve("only").resolve(image.getFileName()));
      }
    }
    FineTuneMethod method = FineTuneMethod.newBuilder().setTrain("head").setEpochs(1).build();
    jobs.send(
        "alone", TrainingJobs.spec(alone.getParent(), "tuned-alone").setFineTune(method).build());
    TrainingJob job = jobs.waitForEnd("alone");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_FAILED);
    assertThat(job.getFailureReason()).contains("class");
  }

  @Test
  void aFineTuningThatDivergesFailsWithItsReason() throws Exception {
    FineTuneMethod method =
        FineTuneMethod.newBuilder()
            .setTrain("all")
            .setEpochs(2)
            .setHeadEpochs(0)
            .setLearningRate(1e6)
            .setBackboneShare(1)
            .build();
    jobs.send("diverging", TrainingJobs.spec(data, "tuned-diverging").setFineTune(method).build());
    TrainingJob job = jobs.waitForEnd("diverging");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_FAILED);
    assertThat(job.getFailureReason()).contains("learning rate");
  }
}
