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
import dev.likeness.service.PageRequest;
import dev.likeness.service.PathOutsideRootsException;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Runs over gRPC. */
@GrpcService
@RunOnVirtualThread
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
    try {
      Run run =
          competitions.create(
              GatewayMessages.spec(request.getSpec()),
              GatewayMessages.emptyToNull(request.getRequestId()));
      return Uni.createFrom()
          .item(CreateRunResponse.newBuilder().setRun(GatewayMessages.run(run)).build());
    } catch (PathOutsideRootsException e) {
      return Uni.createFrom().failure(e);
    }
  }

  @Override
  public Uni<GetRunResponse> getRun(GetRunRequest request) {
    Run run = competitions.get(request.getId());
    return Uni.createFrom()
        .item(GetRunResponse.newBuilder().setRun(GatewayMessages.run(run)).build());
  }

  @Override
  public Uni<ListRunsResponse> listRuns(ListRunsRequest request) {
    PageRequest.Page<Run> page =
        competitions.list(
            PageRequest.of(request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, MAX_PAGE));
    List<dev.likeness.gateway.v1.Run> runs =
        page.items().stream().map(GatewayMessages::run).toList();
    return Uni.createFrom()
        .item(
            ListRunsResponse.newBuilder()
                .addAllRuns(runs)
                .setNextPageToken(page.nextPageToken())
                .build());
  }

  @Override
  public Uni<GetSubmissionResponse> getSubmission(GetSubmissionRequest request) {
    try {
      byte[] json = competitions.submission(request.getRunId());
      return Uni.createFrom()
          .item(
              GetSubmissionResponse.newBuilder()
                  .setSubmissionJson(UnsafeByteOperations.unsafeWrap(json))
                  .build());
    } catch (PathOutsideRootsException e) {
      return Uni.createFrom().failure(e);
    }
  }

  @Override
  public Uni<ScoreSubmissionResponse> scoreSubmission(ScoreSubmissionRequest request) {
    return Uni.createFrom()
        .item(
            GatewayMessages.scored(
                scoring.score(
                    request.getSubmissionJson().toByteArray(),
                    request.getLabelsJson().toByteArray())));
  }

  @Override
  public Uni<SendSubmissionResponse> sendSubmission(SendSubmissionRequest request) {
    try {
      return Uni.createFrom()
          .item(
              GatewayMessages.sent(
                  competitions.send(
                      request.getRunId(),
                      request.getGroupName(),
                      request.getUrl(),
                      request.getTemplate())));
    } catch (PathOutsideRootsException e) {
      return Uni.createFrom().failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Uni.createFrom().failure(e);
    }
  }

  /** A slow reader misses states in between, never the last one. */
  @Override
  public Multi<WatchRunResponse> watchRun(WatchRunRequest request) {
    Run watched = competitions.get(request.getId());
    return RunWatch.of(store, watched.id())
        .map(run -> WatchRunResponse.newBuilder().setRun(GatewayMessages.run(run)).build());
  }
}
