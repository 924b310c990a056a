package dev.likeness.gateway.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.likeness.gateway.competition.Competitions;
import dev.likeness.gateway.competition.SubmissionScoring;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.gateway.v1.CompetitionService;
import dev.likeness.gateway.v1.CreateRunRequest;
import dev.likeness.gateway.v1.CreateRunResponse;
import dev.likeness.gateway.v1.GetRunRequest;
import dev.likeness.gateway.v1.GetRunResponse;
import dev.likeness.gateway.v1.GetSubmissionRequest;
import dev.likeness.gateway.v1.GetSubmissionResponse;
import dev.likeness.gateway.v1.ListRunsRequest;
import dev.likeness.gateway.v1.ListRunsResponse;
import dev.likeness.gateway.v1.ScoreSubmissionRequest;
import dev.likeness.gateway.v1.ScoreSubmissionResponse;
import dev.likeness.gateway.v1.SendSubmissionRequest;
import dev.likeness.gateway.v1.SendSubmissionResponse;
import dev.likeness.gateway.v1.WatchRunRequest;
import dev.likeness.gateway.v1.WatchRunResponse;
import dev.likeness.service.BlockingCall;
import dev.likeness.service.PageRequest;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Runs over gRPC. */
@GrpcService
public class CompetitionGrpcService implements CompetitionService {

  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 500;

  private final Competitions competitions;
  private final SubmissionScoring scoring;
  private final RunStore store;

  /** Called by the container. */
  public CompetitionGrpcService(
      Competitions competitions, SubmissionScoring scoring, RunStore store) {
    this.competitions = competitions;
    this.scoring = scoring;
    this.store = store;
  }

  @Override
  public Uni<CreateRunResponse> createRun(CreateRunRequest request) {
    return BlockingCall.answer(
        () -> {
          Run run =
              competitions.create(
                  GatewayMessages.spec(request.getSpec()),
                  GatewayMessages.emptyToNull(request.getRequestId()));
          return CreateRunResponse.newBuilder().setRun(GatewayMessages.run(run)).build();
        });
  }

  @Override
  public Uni<GetRunResponse> getRun(GetRunRequest request) {
    return BlockingCall.answer(
        () -> {
          Run run = competitions.get(request.getId());
          return GetRunResponse.newBuilder().setRun(GatewayMessages.run(run)).build();
        });
  }

  @Override
  public Uni<ListRunsResponse> listRuns(ListRunsRequest request) {
    return BlockingCall.answer(
        () -> {
          PageRequest.Page<Run> page =
              competitions.list(
                  PageRequest.of(
                      request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, MAX_PAGE));
          List<dev.likeness.gateway.v1.Run> runs =
              page.items().stream().map(GatewayMessages::run).toList();
          return ListRunsResponse.newBuilder()
              .addAllRuns(runs)
              .setNextPageToken(page.nextPageToken())
              .build();
        });
  }

  @Override
  public Uni<GetSubmissionResponse> getSubmission(GetSubmissionRequest request) {
    return BlockingCall.answer(
        () -> {
          byte[] json = competitions.submission(request.getRunId());
          return GetSubmissionResponse.newBuilder()
              .setSubmissionJson(UnsafeByteOperations.unsafeWrap(json))
              .build();
        });
  }

  @Override
  public Uni<ScoreSubmissionResponse> scoreSubmission(ScoreSubmissionRequest request) {
    return BlockingCall.answer(
        () ->
            GatewayMessages.scored(
                scoring.score(
                    request.getSubmissionJson().toByteArray(),
                    request.getLabelsJson().toByteArray())));
  }

  @Override
  public Uni<SendSubmissionResponse> sendSubmission(SendSubmissionRequest request) {
    return BlockingCall.answer(
        () ->
            GatewayMessages.sent(
                competitions.send(
                    request.getRunId(),
                    request.getGroupName(),
                    request.getUrl(),
                    request.getTemplate())));
  }

  /** A slow reader misses states in between, never the last one. */
  @Override
  public Multi<WatchRunResponse> watchRun(WatchRunRequest request) {
    Run watched = competitions.get(request.getId());
    return RunWatch.of(store, watched.id())
        .map(run -> WatchRunResponse.newBuilder().setRun(GatewayMessages.run(run)).build());
  }
}
