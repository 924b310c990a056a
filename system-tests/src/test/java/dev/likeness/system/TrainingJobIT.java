package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.events.v1.TrainingJobRequested;
import dev.likeness.system.LocalPlatform.Process;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.trainer.v1.GetTrainingJobRequest;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainerServiceGrpc;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.TrainingSpec;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
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
  private Path data;

  @BeforeAll
  void start() {
    platform = LocalPlatform.start(folder.resolve("home"), 5000);
    data = folder.resolve("data");
    platform.run("sample", data.toString(), "--seed", "3").succeeded();
    platform.run("roots", "add", data.toString()).succeeded();
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
    send("twice", "white-twice");
    send("twice", "white-twice");
    TrainingJob job = waitForEnd("twice");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(versions("white-twice")).isEqualTo(1);
  }

  @Test
  void aJobSurvivesKillOfItsTrainer() throws Exception {
    send("killed", "white-killed");
    waitFor("killed", job -> job.getState() != TrainingJobState.TRAINING_JOB_STATE_QUEUED);
    platform.kill(Process.TRAINER);
    platform.run("up").succeeded();
    TrainingJob job = waitForEnd("killed");
    assertThat(job.getState())
        .as(job.getFailureReason())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(versions("white-killed")).isEqualTo(1);
  }

  @Test
  void aBrokerThatWasAwayLosesNoCommand() throws Exception {
    send("restarted", "white-restarted");
    platform.kill(Process.KAFKA);
    platform.run("up").succeeded();
    TrainingJob job = waitForEnd("restarted");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
  }

  @Test
  void aPoisonMessageDoesNotStopTheNextJob() throws Exception {
    try (var producer = producer()) {
      producer
          .send(new ProducerRecord<>("likeness.training.jobs", "poison", new byte[] {1, 2, 3}))
          .get(30, TimeUnit.SECONDS);
    }
    send("after-poison", "white-after-poison");
    assertThat(waitForEnd("after-poison").getState())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
  }

  @Test
  void aJobWithoutImagesFailsWithItsReason() throws Exception {
    Path empty = Files.createDirectories(data.resolve("empty"));
    Files.createDirectories(empty.resolve("training"));
    send(
        "empty",
        spec(empty, "white-empty")
            .setPcaWhitening(PcaWhiteningMethod.getDefaultInstance())
            .build());
    TrainingJob job = waitForEnd("empty");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_FAILED);
    assertThat(job.getFailureReason()).contains("training");
  }

  @Test
  void aFineTuningThatIsKilledTwiceGivesTheEncoderThatWouldHaveBeen() throws Exception {
    FineTuneMethod method =
        FineTuneMethod.newBuilder().setTrain("all").setEpochs(4).setHeadEpochs(1).build();
    TrainingSpec spec = spec(data, "tuned").setFineTune(method).setSeed(11).build();

    // Given one that runs through
    send("through", spec.toBuilder().setOutputEncoder("tuned-through").build());
    TrainingJob through = waitForEnd("through");

    // When
    send("broken", spec.toBuilder().setOutputEncoder("tuned-broken").build());
    for (int epoch : List.of(2, 3)) {
      waitFor("broken", job -> job.getFigures().getEpoch() >= epoch || job.hasEndTime());
      platform.kill(Process.TRAINER);
      platform.run("up").succeeded();
    }
    TrainingJob broken = waitForEnd("broken");

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
    assertThat(versions("tuned-broken")).isEqualTo(1);
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
    send("alone", spec(alone.getParent(), "tuned-alone").setFineTune(method).build());
    TrainingJob job = waitForEnd("alone");
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
    send("diverging", spec(data, "tuned-diverging").setFineTune(method).build());
    TrainingJob job = waitForEnd("diverging");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_FAILED);
    assertThat(job.getFailureReason()).contains("learning rate");
  }

  private void send(String id, String output) throws Exception {
    send(id, spec(data, output).setPcaWhitening(PcaWhiteningMethod.getDefaultInstance()).build());
  }

  private void send(String id, TrainingSpec spec) throws Exception {
    try (var producer = producer()) {
      byte[] command =
          TrainingJobRequested.newBuilder().setJobId(id).setSpec(spec).build().toByteArray();
      producer
          .send(new ProducerRecord<>("likeness.training.jobs", id, command))
          .get(30, TimeUnit.SECONDS);
    }
  }

  private static TrainingSpec.Builder spec(Path dataset, String output) throws IOException {
    return TrainingSpec.newBuilder()
        .setDatasetPath(dataset.toRealPath().toString())
        .setEncoder("likeness-mini")
        .setOutputEncoder(output);
  }

  private KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", "127.0.0.1:" + platform.kafkaPort(), "acks", "all"),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private int versions(String encoder) {
    return platform
        .run("encoders", "info", encoder, "--json")
        .succeeded()
        .json()
        .get("version")
        .asInt();
  }

  private TrainingJob waitForEnd(String id) {
    return waitFor(id, TrainingJob::hasEndTime);
  }

  /** Asks until the job is as wanted; services may be down or unaware of it meanwhile. */
  private TrainingJob waitFor(String id, java.util.function.Predicate<TrainingJob> wanted) {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", platform.trainerPort())
            .usePlaintext()
            .build();
    try {
      Optional<TrainingJob> last = Optional.empty();
      long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
      while (System.nanoTime() < end) {
        last = ask(channel, id);
        if (last.filter(wanted).isPresent()) {
          return last.orElseThrow();
        }
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
      throw new AssertionError("job " + id + " is " + last + "\n" + platform.logs());
    } finally {
      channel.shutdownNow();
    }
  }

  private static Optional<TrainingJob> ask(ManagedChannel channel, String id) {
    try {
      return Optional.of(
          TrainerServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(10, TimeUnit.SECONDS)
              .getTrainingJob(GetTrainingJobRequest.newBuilder().setId(id).build())
              .getJob());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND
          || e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
