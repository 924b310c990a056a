package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.gateway.v1.CompetitionServiceGrpc.CompetitionServiceImplBase;
import dev.likeness.gateway.v1.CreateRunRequest;
import dev.likeness.gateway.v1.CreateRunResponse;
import dev.likeness.gateway.v1.Interval;
import dev.likeness.gateway.v1.Run;
import dev.likeness.gateway.v1.RunResult;
import dev.likeness.gateway.v1.RunSpec;
import dev.likeness.gateway.v1.RunStage;
import dev.likeness.gateway.v1.RunState;
import dev.likeness.gateway.v1.Scores;
import dev.likeness.gateway.v1.StageSeconds;
import dev.likeness.gateway.v1.WatchRunRequest;
import dev.likeness.gateway.v1.WatchRunResponse;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompeteCommandTest {
  private static final Scores SCORES =
      Scores.newBuilder()
          .setTop1(0.75)
          .setTop5(0.875)
          .setTop10(1)
          .setPrecisionAt10(0.5)
          .setMapAt10(0.625)
          .setScore(812.5)
          .setScoreInterval(Interval.newBuilder().setLow(700).setHigh(900))
          .build();

  @TempDir private Path directory;

  @BeforeEach
  void makeDataset() throws Exception {
    Files.createDirectories(directory.resolve("data set"));
    Files.writeString(directory.resolve("labels.json"), "{}");
  }

  @Test
  void printsScoresPathsAndTimesAsJsonInTheLastLine() throws Exception {
    // Given
    FakeCompetition gateway = new FakeCompetition(SCORES);

    try (FakePlatform platform = FakePlatform.of(gateway)) {
      // When
      CommandLineRun run = compete(platform, "--labels", "labels.json", "--json");

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.out().strip())
          .isEqualTo(
              """
              {"run_id":"run-1","submission":"/out/submissions/run-1.json",\
              "record":"/out/results/mini.json","report":"/out/reports/run-1.html",\
              "queries":8,"gallery":20,"top_1":0.75,"top_5":0.875,"top_10":1.0,\
              "precision_at_10":0.5,"map_at_10":0.625,"score":812.5,\
              "seconds":{"decode":1.5,"embed":2.5,"index":0.25,"search":0.125,"total":3.0}}""");
    }
  }

  @Test
  void printsATableForPeople() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeCompetition(SCORES))) {
      // When
      CommandLineRun run = compete(platform);

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .isEqualTo(
              """
              mini on 8 queries × 20 gallery images, 3.0 s
                      score    top-1    top-5   top-10     P@10   mAP@10
              mini      813    0.750    0.875    1.000    0.500    0.625
              Score: 813 of 1000 (95 % interval 700 to 900)
              Seconds: decode 1.50, embed 2.50 (both summed over images), index 0.25, search 0.13
              Submission: /out/submissions/run-1.json
              Record:     /out/results/mini.json
              Report:     /out/reports/run-1.html
              """);
      assertThat(run.err()).contains("gallery images: 10 of 20", "Note: 1 image was left out");
    }
  }

  @Test
  void reportsAnUnknownScoreAsNullAndUnknownNeverAsZero() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeCompetition(null))) {
      // When
      CommandLineRun forPrograms = compete(platform, "--json");
      CommandLineRun forPeople = compete(platform);

      // Then
      assertThat(forPrograms.json().get("score").isNull()).isTrue();
      assertThat(forPrograms.json().get("top_1").isNull()).isTrue();
      assertThat(forPeople.out())
          .contains("Score: unknown")
          .contains("mini  unknown  unknown  unknown  unknown  unknown  unknown\n");
    }
  }

  @Test
  void sendsRealAbsolutePathsAndAllowsThemFirst() throws Exception {
    // Given
    FakeCompetition gateway = new FakeCompetition(SCORES);
    Path real = directory.toRealPath();
    Files.createSymbolicLink(directory.resolve("link"), real.resolve("data set"));

    try (FakePlatform platform = FakePlatform.of(gateway)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "compete",
              "--data",
              "link",
              "--encoder",
              "mini",
              "--labels",
              "labels.json",
              "--out",
              "a/b",
              "--top-k",
              "7",
              "--rerank",
              "k-reciprocal");

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(gateway.received.getSpec())
          .isEqualTo(
              RunSpec.newBuilder()
                  .setDatasetPath(real.resolve("data set").toString())
                  .setEncoder("mini")
                  .setTopK(7)
                  .setRerank("k-reciprocal")
                  .setLabelsPath(real.resolve("labels.json").toString())
                  .setOutputPath(real.resolve("a/b").toString())
                  .build());
      assertThat(gateway.received.getRequestId()).isNotBlank();
      assertThat(Files.readAllLines(directory.resolve("home/roots")))
          .containsExactly(
              real.resolve("data set").toString(), real.resolve("a/b").toString(), real.toString());
    }
  }

  @Test
  void asksForAFusionOfSeveralEncoders() throws Exception {
    FakeCompetition gateway = new FakeCompetition(SCORES);
    Files.createDirectories(directory.resolve("link"));
    try (FakePlatform platform = FakePlatform.of(gateway)) {
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "compete --data link --encoder mini,maxi --fusion min-max --weights 2,1".split(" "));

      assertThat(run.exitCode()).isZero();
      assertThat(gateway.received.getSpec().getEncoder()).isEqualTo("mini,maxi");
      assertThat(gateway.received.getSpec().getFusion()).isEqualTo("min-max");
      assertThat(gateway.received.getSpec().getWeightsList()).containsExactly(2.0, 1.0);
      for (String wrong :
          List.of(
              "mini,maxi",
              "mini --fusion min-max",
              "mini --weights 1",
              "mini,maxi --fusion sum",
              "mini,maxi --fusion min-max --weights 1",
              "mini,maxi --fusion min-max --rerank k-reciprocal")) {
        CommandLineRun refused =
            CommandLineRun.against(
                platform, directory, ("compete --data link --encoder " + wrong).split(" "));
        assertThat(refused.exitCode()).as(wrong).isEqualTo(2);
      }
    }
  }

  @Test
  void watchesOnAfterTheGatewayWasRestarted() throws Exception {
    // Given
    FakeCompetition gateway = new FakeCompetition(SCORES);
    gateway.breakFirstWatch = true;

    try (FakePlatform platform = FakePlatform.of(gateway)) {
      CompletableFuture<CommandLineRun> running =
          CompletableFuture.supplyAsync(() -> compete(platform, "--json"));
      CompletableFuture.anyOf(gateway.watched, running).join();

      // When
      platform.restart();

      // Then
      CommandLineRun run = running.join();
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("run_id").asText()).isEqualTo("run-1");
      assertThat(run.err()).contains("The gateway is away; waiting for it to come back.");
    }
  }

  @Test
  void tellsWhyARunFailed() throws Exception {
    // Given
    FakeCompetition gateway = new FakeCompetition(SCORES);
    gateway.failure = "no image of the gallery could be read";

    try (FakePlatform platform = FakePlatform.of(gateway)) {
      // When
      CommandLineRun run = compete(platform, "--json");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out().strip())
          .isEqualTo(
              "{\"error\":{\"reason\":\"RUN_FAILED\",\"message\":"
                  + "\"run run-1 failed: no image of the gallery could be read\"}}");
    }
  }

  @Test
  void passesTheReasonOfARefusalOn() throws Exception {
    // Given
    FakeCompetition gateway = new FakeCompetition(SCORES);
    gateway.refuse = true;

    try (FakePlatform platform = FakePlatform.of(gateway)) {
      // When
      CommandLineRun run = compete(platform, "--json");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.json().at("/error/reason").asText()).isEqualTo("ENCODER_NOT_FOUND");
      assertThat(run.err())
          .endsWith("likeness: there is no encoder 'mini'; there is: likeness-mini\n")
          .doesNotContain("Exception");
    }
  }

  @Test
  void saysThatThePlatformDoesNotAnswer() {
    // When
    CommandLineRun run =
        CommandLineRun.alone(
            directory, "compete", "--data", "data set", "--encoder", "mini", "--json");

    // Then
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("\"reason\":\"PLATFORM_UNREACHABLE\"");
    assertThat(run.err()).contains("the platform does not answer").doesNotContain("Exception");
  }

  @Test
  void asksForThePlatformSilentlyAndWritesNothingBefore() {
    // When
    CommandLineRun run =
        CommandLineRun.withPlatformDown(
            directory, "compete", "--data", "data set", "--encoder", "mini", "--json");

    // Then
    assertThat(run).isEqualTo(new CommandLineRun(3, "", ""));
    assertThat(directory.resolve("home")).doesNotExist();
    assertThat(directory.resolve("out")).doesNotExist();
  }

  private CommandLineRun compete(FakePlatform platform, String... more) {
    String[] arguments = new String[5 + more.length];
    System.arraycopy(
        new String[] {"compete", "--data", "data set", "--encoder", "mini"}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return CommandLineRun.against(platform, directory, arguments);
  }

  /** A gateway with one run, which ends when it is watched. */
  private static final class FakeCompetition extends CompetitionServiceImplBase {
    private final Scores scores;
    private final CompletableFuture<Void> watched = new CompletableFuture<>();
    private volatile boolean breakFirstWatch;
    private volatile boolean refuse;
    private volatile String failure = "";
    private volatile CreateRunRequest received;

    FakeCompetition(Scores scores) {
      this.scores = scores;
    }

    @Override
    public void createRun(CreateRunRequest request, StreamObserver<CreateRunResponse> response) {
      received = request;
      if (refuse) {
        response.onError(
            FakePlatform.refusal(
                Code.NOT_FOUND,
                "ENCODER_NOT_FOUND",
                "there is no encoder 'mini'; there is: likeness-mini"));
        return;
      }
      Run run =
          Run.newBuilder()
              .setId("run-1")
              .setSpec(request.getSpec())
              .setState(RunState.RUN_STATE_QUEUED)
              .build();
      response.onNext(CreateRunResponse.newBuilder().setRun(run).build());
      response.onCompleted();
    }

    @Override
    public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> response) {
      Run.Builder run =
          Run.newBuilder()
              .setId(request.getId())
              .setSpec(received.getSpec())
              .setState(RunState.RUN_STATE_RUNNING)
              .setStage(RunStage.RUN_STAGE_GALLERY)
              .setStageDone(10)
              .setStageTotal(20);
      response.onNext(WatchRunResponse.newBuilder().setRun(run).build());
      if (breakFirstWatch) {
        breakFirstWatch = false;
        watched.complete(null);
        return;
      }
      end(run);
      response.onNext(WatchRunResponse.newBuilder().setRun(run).build());
      response.onCompleted();
    }

    private void end(Run.Builder run) {
      if (!failure.isEmpty()) {
        run.setState(RunState.RUN_STATE_FAILED).setFailureReason(failure);
        return;
      }
      RunResult.Builder result =
          RunResult.newBuilder()
              .setSubmissionPath("/out/submissions/run-1.json")
              .setRecordPath("/out/results/mini.json")
              .setReportPath("/out/reports/run-1.html")
              .setQueryCount(8)
              .setGalleryCount(20)
              .setSeconds(
                  StageSeconds.newBuilder()
                      .setDecode(1.5)
                      .setEmbed(2.5)
                      .setIndex(0.25)
                      .setSearch(0.125)
                      .setTotal(3));
      if (scores != null) {
        result.setScores(scores);
      }
      run.setState(RunState.RUN_STATE_SUCCEEDED)
          .addWarnings("1 image was left out")
          .setResult(result);
    }
  }
}
