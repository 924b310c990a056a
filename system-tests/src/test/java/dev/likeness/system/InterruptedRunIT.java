package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.evaluation.sample.SampleDataset;
import dev.likeness.evaluation.sample.SampleOptions;
import dev.likeness.gateway.v1.CompetitionServiceGrpc;
import dev.likeness.gateway.v1.ListRunsRequest;
import dev.likeness.gateway.v1.Run;
import dev.likeness.gateway.v1.RunState;
import dev.likeness.system.LocalPlatform.RunningCommand;
import dev.likeness.system.LocalPlatform.ServiceName;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run survives kill -9 of any process and ends with the same submission, byte for byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterruptedRunIT {

  private static final int MOST_RUNS = 5;

  @TempDir static Path folder;
  private LocalPlatform platform;
  private Path data;
  private byte[] undisturbed;

  @BeforeAll
  void runUndisturbed() throws Exception {
    platform = LocalPlatform.start(folder.resolve("home"), 4000);
    data = folder.resolve("data");
    SampleDataset.draw(data, new SampleOptions(16, 2, 200, 1000, 96, 7));
    undisturbed = submission(begin("undisturbed").join());
  }

  @AfterAll
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @ParameterizedTest
  @EnumSource(ServiceName.class)
  void endsWithTheSameSubmission(ServiceName victim) throws Exception {
    // Given a run that is under way
    RunningCommand command = begin(victim.name());
    Optional<String> underWay = waitForARunUnderWay(command);
    for (int begun = 1; underWay.isEmpty(); begun++) {
      // it was done before anybody looked
      assertThat(submission(command.join())).isEqualTo(undisturbed);
      assertThat(begun).as("runs of which none was met under way").isLessThan(MOST_RUNS);
      command = begin(victim.name() + begun);
      underWay = waitForARunUnderWay(command);
    }

    // When one process is killed and started again
    platform.kill(victim);
    platform.run("up").succeeded();

    // Then the run ends as if nothing had happened
    CommandResult result = command.join();
    assertThat(result.exitCode()).as(() -> result + platform.logs()).isZero();
    assertThat(result.json().get("run_id").asText()).isEqualTo(underWay.get());
    assertThat(submission(result)).isEqualTo(undisturbed);
  }

  private RunningCommand begin(String out) {
    return platform.begin(
        "compete",
        "--data",
        data.toString(),
        "--encoder",
        "likeness-mini",
        "--out",
        folder.resolve("out-" + out).toString(),
        "--json");
  }

  private static byte[] submission(CommandResult result) throws Exception {
    return Files.readAllBytes(Path.of(result.succeeded().json().get("submission").asText()));
  }

  /** The newest run when it has embedded some of its gallery; empty if it has ended. */
  private Optional<String> waitForARunUnderWay(RunningCommand command) throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", platform.gatewayPort())
            .usePlaintext()
            .build();
    try {
      var competitions = CompetitionServiceGrpc.newBlockingStub(channel);
      while (command.process().isAlive()) {
        Run run =
            competitions
                .withDeadlineAfter(1, TimeUnit.MINUTES)
                .listRuns(ListRunsRequest.newBuilder().setPageSize(1).build())
                .getRuns(0);
        if (run.getState() == RunState.RUN_STATE_RUNNING && run.getStageDone() > 0) {
          return Optional.of(run.getId());
        }
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
      return Optional.empty();
    } finally {
      channel.shutdownNow();
    }
  }
}
