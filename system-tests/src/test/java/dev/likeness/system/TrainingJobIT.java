package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.events.v1.TrainingJobRequested;
import dev.likeness.system.LocalPlatform.Process;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    try (var producer = producer()) {
      send(producer, "empty", empty, "white-empty");
    }
    TrainingJob job = waitForEnd("empty");
    assertThat(job.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_FAILED);
    assertThat(job.getFailureReason()).contains("training");
  }

  private void send(String id, String output) throws Exception {
    try (var producer = producer()) {
      send(producer, id, data, output);
    }
  }

  private void send(KafkaProducer<String, byte[]> producer, String id, Path dataset, String output)
      throws Exception {
    byte[] command =
        TrainingJobRequested.newBuilder()
            .setJobId(id)
            .setSpec(
                TrainingSpec.newBuilder()
                    .setDatasetPath(dataset.toRealPath().toString())
                    .setEncoder("likeness-mini")
                    .setOutputEncoder(output)
                    .setPcaWhitening(PcaWhiteningMethod.getDefaultInstance()))
            .build()
            .toByteArray();
    producer
        .send(new ProducerRecord<>("likeness.training.jobs", id, command))
        .get(30, TimeUnit.SECONDS);
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
