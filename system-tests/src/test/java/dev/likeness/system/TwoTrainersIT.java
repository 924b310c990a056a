package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.system.LocalPlatform.ServiceName;
import dev.likeness.trainer.v1.CancelTrainingJobRequest;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.trainer.v1.ListTrainingJobsRequest;
import dev.likeness.trainer.v1.TrainerServiceGrpc;
import dev.likeness.trainer.v1.TrainerServiceGrpc.TrainerServiceBlockingStub;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.TrainingSpec;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two trainer processes on one PostgreSQL and one broker share jobs, which train for real, and none
 * is worked on twice at once; where PostgreSQL runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoTrainersIT {

  private static final int PORT_OFFSET = 7000;

  /** Free beside the platform's: its trainer has 9003 and 8083. */
  private static final int SECOND_GRPC = 9013 + PORT_OFFSET;

  private static final int SECOND_HTTP = 8093 + PORT_OFFSET;

  private static final int MANY_EPOCHS = 1000;
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @TempDir static Path folder;
  private EmbeddedPostgres postgres;
  private LocalPlatform platform;
  private Process second;
  private TrainingJobs jobs;
  private Path data;

  @BeforeAll
  void start() throws Exception {
    try {
      postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(5)).start();
    } catch (Exception | LinkageError e) {
      Assumptions.abort("PostgreSQL cannot be started here: " + e.getMessage());
    }
    String store =
        "-Dlikeness.trainer.store.url=%s -Dlikeness.trainer.store.user=postgres"
            .formatted(postgres.getJdbcUrl("postgres", "postgres"));
    platform = LocalPlatform.start(folder.resolve("home"), PORT_OFFSET, store);
    jobs = new TrainingJobs(platform);
    data = folder.resolve("data");
    platform.run("sample", data.toString(), "--seed", "3", "--training", "6").succeeded();
    platform.run("roots", "add", data.toString()).succeeded();
    second = platform.startAnotherTrainer(SECOND_GRPC, SECOND_HTTP);
  }

  @AfterAll
  void stop() throws Exception {
    if (second != null) {
      second.destroyForcibly().waitFor();
    }
    if (platform != null) {
      platform.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void bothWorkAtOnceAndNoJobRunsTwice() throws Exception {
    // Given two jobs that last until they are cancelled
    for (String id : List.of("long", "longer")) {
      jobs.send(id, tuning("head", MANY_EPOCHS, id));
    }

    // one worker thread in each process: two jobs that run at once are one in each
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (running().size() < 2) {
      assertThat(System.nanoTime()).as(platform::logs).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    for (String id : List.of("long", "longer")) {
      cancel(id);
    }

    // When there are more than they can do at once
    List<String> ids = List.of("a", "b", "c", "d");
    for (String id : ids) {
      jobs.send(id, tuning("head", 4, id));
    }

    // Then each is done once
    for (String id : ids) {
      TrainingJob job = jobs.waitForEnd(id);
      assertThat(job.getState())
          .as(job.getFailureReason())
          .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
      assertThat(job.getAttempt()).isEqualTo(1);
      assertThat(jobs.versions(id)).isEqualTo(1);
    }
  }

  @Test
  void oneTakesOverWhatTheOtherHadWhenItWasKilled() throws Exception {
    List<String> ids = twoUnderWay();

    platform.kill(ServiceName.TRAINER);
    int attempts = 0;
    for (String id : ids) {
      TrainingJob job = jobs.waitFor(SECOND_GRPC, id, TrainingJob::hasEndTime);
      assertThat(job.getState())
          .as(job.getFailureReason())
          .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
      attempts += job.getAttempt();
    }
    platform.run("up").succeeded();

    assertThat(attempts).as("one of two jobs was taken over").isEqualTo(3);
    for (String id : ids) {
      assertThat(jobs.versions(id)).isEqualTo(1);
    }
  }

  /** Two jobs, one in each process, that have much left to do. */
  private List<String> twoUnderWay() throws Exception {
    for (int tries = 1; tries <= 5; tries++) {
      List<String> ids = List.of("left" + tries, "right" + tries);
      for (String id : ids) {
        jobs.send(id, tuning("all", 4, id));
      }
      for (String id : ids) {
        jobs.waitFor(SECOND_GRPC, id, job -> job.getFigures().getEpoch() >= 1 || job.hasEndTime());
      }
      if (running().containsAll(ids)) {
        return ids;
      }
      for (String id : ids) { // one ended before anybody looked
        jobs.waitFor(SECOND_GRPC, id, TrainingJob::hasEndTime);
      }
    }
    throw new AssertionError("no two jobs were met under way\n" + platform.logs());
  }

  private TrainingSpec tuning(String scope, int epochs, String output) throws Exception {
    return TrainingJobs.spec(data, output)
        .setFineTune(
            FineTuneMethod.newBuilder()
                .setTrain(scope)
                .setEpochs(epochs)
                .setHeadEpochs(1)
                .setPatienceEpochs(epochs))
        .build();
  }

  private List<String> running() {
    return ask(trainer -> trainer.listTrainingJobs(ListTrainingJobsRequest.getDefaultInstance()))
        .getJobsList()
        .stream()
        .filter(job -> job.getState() == TrainingJobState.TRAINING_JOB_STATE_RUNNING)
        .map(TrainingJob::getId)
        .toList();
  }

  private void cancel(String id) {
    var unused =
        ask(
            trainer ->
                trainer.cancelTrainingJob(CancelTrainingJobRequest.newBuilder().setId(id).build()));
    assertThat(jobs.waitForEnd(id).getState())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_CANCELLED);
  }

  private static <T> T ask(Function<TrainerServiceBlockingStub, T> question) {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", SECOND_GRPC).usePlaintext().build();
    try {
      return question.apply(TrainerServiceGrpc.newBlockingStub(channel));
    } finally {
      channel.shutdownNow();
    }
  }
}
