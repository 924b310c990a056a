package dev.likeness.system;

import dev.likeness.events.v1.TrainingJobRequested;
import dev.likeness.trainer.v1.GetTrainingJobRequest;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainerServiceGrpc;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Training jobs of a platform: sent as commands through its broker, followed by asking a trainer.
 */
final class TrainingJobs {

  private static final String COMMANDS = "likeness.training.jobs";
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final LocalPlatform platform;

  TrainingJobs(LocalPlatform platform) {
    this.platform = platform;
  }

  /** A job of the built-in encoder, without a method yet. */
  static TrainingSpec.Builder spec(Path dataset, String output) throws IOException {
    return TrainingSpec.newBuilder()
        .setDatasetPath(dataset.toRealPath().toString())
        .setEncoder("likeness-mini")
        .setOutputEncoder(output);
  }

  void sendWhitening(String id, Path dataset, String output) throws Exception {
    send(
        id, spec(dataset, output).setPcaWhitening(PcaWhiteningMethod.getDefaultInstance()).build());
  }

  void send(String id, TrainingSpec spec) throws Exception {
    send(id, TrainingJobRequested.newBuilder().setJobId(id).setSpec(spec).build().toByteArray());
  }

  void send(String key, byte[] command) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", "127.0.0.1:" + platform.kafkaPort(), "acks", "all"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(COMMANDS, key, command)).get(5, TimeUnit.MINUTES);
    }
  }

  /** The version of an encoder that serves; 1 is the first. */
  int versions(String encoder) {
    return platform
        .run("encoders", "info", encoder, "--json")
        .succeeded()
        .json()
        .get("version")
        .asInt();
  }

  TrainingJob waitForEnd(String id) {
    return waitFor(id, TrainingJob::hasEndTime);
  }

  /** Asks until the job is as wanted; services may be down or unaware of it meanwhile. */
  TrainingJob waitFor(String id, Predicate<TrainingJob> wanted) {
    return waitFor(platform.trainerPort(), id, wanted);
  }

  /** The same by asking the trainer behind a port. */
  TrainingJob waitFor(int port, String id, Predicate<TrainingJob> wanted) {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      Optional<TrainingJob> last = Optional.empty();
      long end = System.nanoTime() + PATIENCE.toNanos();
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
              .withDeadlineAfter(1, TimeUnit.MINUTES)
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
