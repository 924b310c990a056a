package dev.likeness.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.likeness.gateway.TestDataset;
import dev.likeness.gateway.v1.CompetitionServiceGrpc.CompetitionServiceBlockingStub;
import dev.likeness.gateway.v1.CreateRunRequest;
import dev.likeness.gateway.v1.GetRunRequest;
import dev.likeness.gateway.v1.GetSubmissionRequest;
import dev.likeness.gateway.v1.ListRunsRequest;
import dev.likeness.gateway.v1.Run;
import dev.likeness.gateway.v1.RunSpec;
import dev.likeness.gateway.v1.RunState;
import dev.likeness.gateway.v1.ScoreSubmissionRequest;
import dev.likeness.gateway.v1.SearchByIdRequest;
import dev.likeness.gateway.v1.SearchByImageRequest;
import dev.likeness.gateway.v1.SearchServiceGrpc.SearchServiceBlockingStub;
import dev.likeness.gateway.v1.SendSubmissionRequest;
import dev.likeness.gateway.v1.WatchRunRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(FakePeers.class)
class CompetitionGrpcServiceTest {

  @GrpcClient("gateway")
  CompetitionServiceBlockingStub competition;

  @GrpcClient("gateway")
  SearchServiceBlockingStub search;

  private static RunSpec.Builder spec(Path dataset) {
    return RunSpec.newBuilder().setDatasetPath(dataset.toString()).setEncoder("circle");
  }

  private static RunSpec.Builder circle() {
    return spec(FakePeers.root.resolve("circle"));
  }

  private Run create(RunSpec.Builder spec) {
    return competition.createRun(CreateRunRequest.newBuilder().setSpec(spec).build()).getRun();
  }

  private List<Run> watch(Run run) {
    List<Run> seen = new ArrayList<>();
    competition
        .watchRun(WatchRunRequest.newBuilder().setId(run.getId()).build())
        .forEachRemaining(response -> seen.add(response.getRun()));
    return seen;
  }

  private Run finish(RunSpec.Builder spec) {
    return watch(create(spec)).getLast();
  }

  private String reasonOf(RunSpec.Builder spec) throws Exception {
    return errorInfo(catchThrowableOfType(StatusRuntimeException.class, () -> create(spec)))
        .getReason();
  }

  private static ErrorInfo errorInfo(StatusRuntimeException e) throws Exception {
    return detail(e, ErrorInfo.class);
  }

  private static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException e, Class<T> type) throws Exception {
    Status status = StatusProto.fromThrowable(e);
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        return any.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + status);
  }

  @Test
  void runsACompetitionToItsSubmission() throws Exception {
    // Given
    Path out = FakePeers.root.resolve("out");
    // When
    List<Run> states = watch(create(circle().setOutputPath(out.toString())));
    // Then
    Run run = states.getLast();
    assertThat(run.getFailureReason()).isEmpty();
    assertThat(run.getState()).isEqualTo(RunState.RUN_STATE_SUCCEEDED);
    assertThat(out.resolve("submissions/" + run.getId() + ".json")).exists();
    assertThat(out.resolve("reports/" + run.getId() + ".html")).exists();
    assertThat(Path.of(run.getResult().getRecordPath())).exists().hasParent(out.resolve("results"));
    assertThat(run.getResult().getScores().getTop1()).isEqualTo(0.75);
    assertThat(run.getResult().getScores().hasScore()).isTrue();
    assertThat(run.getResult().getSeconds().getDecode()).isEqualTo(0.25 * 15);
    assertThat(
            competition
                .getSubmission(GetSubmissionRequest.newBuilder().setRunId(run.getId()).build())
                .getSubmissionJson()
                .toByteArray())
        .isEqualTo(Files.readAllBytes(out.resolve("submissions/" + run.getId() + ".json")));
  }

  @Test
  void ranksAsTheSpecSays() throws Exception {
    byte[] plain = Files.readAllBytes(Path.of(finish(circle()).getResult().getSubmissionPath()));
    for (String way : List.of("k-reciprocal", "query-expansion")) {
      Run run = finish(circle().setRerank(way));
      assertThat(run.getFailureReason()).isEmpty();
      assertThat(run.getSpec().getRerank()).isEqualTo(way);
      assertThat(Files.readAllBytes(Path.of(run.getResult().getSubmissionPath())))
          .isNotEqualTo(plain);
      assertThat(Path.of(run.getResult().getRecordPath()))
          .content()
          .containsPattern("\"rerank\" *: *\"" + way + "\"");
    }
    assertThat(reasonOf(circle().setRerank("magic"))).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void joinsTheScoresOfSeveralEncoders() throws Exception {
    RunSpec.Builder spec = circle().setEncoder("circle,twin").setFusion("min-max");
    Run run = finish(spec.clone().addWeights(3).addWeights(1));

    assertThat(run.getFailureReason()).isEmpty();
    assertThat(run.getSpec().getFusion()).isEqualTo("min-max");
    assertThat(run.getSpec().getWeightsList()).containsExactly(0.75, 0.25);
    assertThat(run.getResult().getScores().getTop1()).isEqualTo(0.75);
    assertThat(Path.of(run.getResult().getRecordPath()))
        .content()
        .containsPattern("\"name\" *: *\"twin\"");
    assertThat(reasonOf(spec.clone().addWeights(1))).isEqualTo("INVALID_ARGUMENT");
    assertThat(reasonOf(spec.clone().setFusion("max"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(reasonOf(spec.clone().clearFusion())).isEqualTo("INVALID_ARGUMENT");
    assertThat(reasonOf(spec.clone().setRerank("k-reciprocal"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(reasonOf(spec.clone().setEncoder("circle,none"))).isEqualTo("ENCODER_NOT_FOUND");
  }

  @Test
  void endsWithTheSameBytesThoughTheIndexDiesInTheMiddle() throws Exception {
    byte[] expected = Files.readAllBytes(Path.of(finish(circle()).getResult().getSubmissionPath()));
    int port = FakePeers.stopIndex();
    Run run = create(circle());
    var states = competition.watchRun(WatchRunRequest.newBuilder().setId(run.getId()).build());
    Run seen = states.next().getRun();
    while (seen.getWarningsList().stream()
        .noneMatch(warning -> warning.contains("index was away"))) {
      seen = states.next().getRun();
    }
    FakePeers.startIndex(port);
    while (states.hasNext()) {
      seen = states.next().getRun();
    }
    assertThat(Files.readAllBytes(Path.of(seen.getResult().getSubmissionPath())))
        .isEqualTo(expected);
  }

  @Test
  void asksAgainForAnImageThatTheEmbedderHadNoRoomFor() {
    FakePeers.EMBEDDER.busyAfter.set(5);
    Run run = finish(circle());
    assertThat(run.getState()).isEqualTo(RunState.RUN_STATE_SUCCEEDED);
    assertThat(run.getWarningsList()).noneMatch(warning -> warning.contains("queue is full"));
  }

  @Test
  void answersTheSameRunForTheSameRequest() {
    CreateRunRequest request =
        CreateRunRequest.newBuilder().setSpec(circle()).setRequestId("same").build();
    assertThat(competition.createRun(request).getRun().getId())
        .isEqualTo(competition.createRun(request).getRun().getId());
  }

  @Test
  void refusesHostilePaths() throws Exception {
    Path root = FakePeers.root;
    Path link = root.resolve("link");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, Path.of("/etc"));
    }
    assertThat(reasonOf(spec(Path.of("/etc")))).isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reasonOf(spec(root.resolve("../..")))).isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reasonOf(spec(link))).isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reasonOf(spec(Path.of("circle")))).isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reasonOf(circle().setLabelsPath("/etc/passwd"))).isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reasonOf(circle().setOutputPath("/tmp/elsewhere"))).isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reasonOf(spec(root.resolve("absent")))).isEqualTo("DATASET_INVALID");
  }

  @Test
  void refusesDataSetsThatCannotBeRun() throws Exception {
    Path empty = FakePeers.root.resolve("empty");
    TestDataset.at(empty).query("q.png", "1");
    assertThat(reasonOf(spec(empty))).isEqualTo("DATASET_INVALID");
    Path labels = FakePeers.root.resolve("foreign.json");
    Files.writeString(labels, "{\"query\":{\"x.png\":\"a\"},\"gallery\":{\"y.png\":\"a\"}}");
    assertThat(reasonOf(circle().setLabelsPath(labels.toString()))).isEqualTo("LABELS_INVALID");
  }

  @Test
  void warnsOfLabelsThatNameUnknownFiles() throws Exception {
    Path labels = FakePeers.root.resolve("partly.json");
    Files.writeString(
        labels,
        "{\"query\":{\"east__q1.png\":\"e\",\"ghost.png\":\"e\"},\"gallery\":{\"east__g0.png\":\"e\"}}");
    Run run = finish(circle().setLabelsPath(labels.toString()));
    assertThat(run.getWarningsList()).anyMatch(warning -> warning.contains("ghost.png"));
    assertThat(run.getResult().getScores().getQueryCount()).isEqualTo(1);
  }

  @Test
  void passesTheDetailsOfThePeersOn() throws Exception {
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> create(circle().setEncoder("square")));
    assertThat(errorInfo(e).getReason()).isEqualTo("ENCODER_NOT_FOUND");
    assertThat(e.getStatus().getDescription()).contains("there is circle");
    StatusRuntimeException image =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                search.searchByImage(
                    SearchByImageRequest.newBuilder()
                        .setCollection(finish(circle()).getResult().getCollection())
                        .setImage(ByteString.copyFromUtf8("no image"))
                        .build()));
    assertThat(errorInfo(image).getReason()).isEqualTo("IMAGE_UNSUPPORTED_FORMAT");
    assertThat(detail(image, BadRequest.class).getFieldViolations(0).getField()).isEqualTo("image");
  }

  @Test
  void searchesTheGalleryOfARun() {
    String collection = finish(circle()).getResult().getCollection();
    assertThat(
            search
                .searchByImage(
                    SearchByImageRequest.newBuilder()
                        .setCollection(collection)
                        .setImage(ByteString.copyFromUtf8("93"))
                        .setK(1)
                        .build())
                .getImages(0)
                .getId())
        .isEqualTo("north__g3.png");
    assertThat(
            search
                .searchById(
                    SearchByIdRequest.newBuilder()
                        .setCollection(collection)
                        .setId("north__g3.png")
                        .setK(1)
                        .build())
                .getImages(0)
                .getId())
        .isEqualTo("north__g2.png");
  }

  @Test
  void walksThroughRunsNewestFirst() {
    create(circle());
    create(circle());
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      var page =
          competition.listRuns(
              ListRunsRequest.newBuilder().setPageSize(1).setPageToken(token).build());
      page.getRunsList().forEach(run -> ids.add(run.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(ids)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(ids.size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void scoresASubmissionAgainstLabels() {
    var response =
        competition.scoreSubmission(
            ScoreSubmissionRequest.newBuilder()
                .setSubmissionJson(ByteString.copyFromUtf8("{\"q.jpg\":[\"b.jpg\",\"a.jpg\"]}"))
                .setLabelsJson(
                    ByteString.copyFromUtf8(
                        "{\"query\":{\"q.jpg\":\"x\"},\"gallery\":{\"a.jpg\":\"x\",\"b.jpg\":\"y\",\"c.jpg\":\"y\"}}"))
                .build());
    assertThat(response.getScores().getTop1()).isZero();
    assertThat(response.getScores().getMrr()).isEqualTo(0.5);
    assertThat(response.getScores().hasTop5()).isFalse();
    assertThat(response.getScores().hasScore()).isFalse();
  }

  @Test
  void tellsWhereASubmissionIsMalformedWithoutServerPaths() throws Exception {
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                competition.scoreSubmission(
                    ScoreSubmissionRequest.newBuilder()
                        .setSubmissionJson(ByteString.copyFromUtf8("{\"q.jpg\": 3}"))
                        .setLabelsJson(ByteString.copyFromUtf8("{}"))
                        .build()));
    assertThat(errorInfo(e).getReason()).isEqualTo("SUBMISSION_INVALID");
    assertThat(e.getStatus().getDescription()).contains("line 1").doesNotContain("/tmp");
  }

  @Test
  void queuesASubmissionThatNoServerTakes() {
    Run run = finish(circle());
    var response =
        competition.sendSubmission(
            SendSubmissionRequest.newBuilder()
                .setRunId(run.getId())
                .setGroupName("team")
                .setUrl("http://127.0.0.1:1/retrieval")
                .build());
    assertThat(response.getQueued().getReason()).contains("127.0.0.1:1");
  }

  @Test
  void answersNotFoundForForeignIds() {
    for (String id : List.of("", "../..", "20260131-094502-123-aaaa")) {
      assertThatThrownBy(() -> competition.getRun(GetRunRequest.newBuilder().setId(id).build()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageStartingWith("NOT_FOUND");
    }
  }
}
