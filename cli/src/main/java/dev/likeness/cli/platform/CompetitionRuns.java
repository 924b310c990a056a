package dev.likeness.cli.platform;

import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Progress;
import dev.likeness.gateway.v1.CreateRunRequest;
import dev.likeness.gateway.v1.GetRunRequest;
import dev.likeness.gateway.v1.ListRunsRequest;
import dev.likeness.gateway.v1.Run;
import dev.likeness.gateway.v1.RunSpec;
import dev.likeness.gateway.v1.RunStage;
import dev.likeness.gateway.v1.RunState;
import dev.likeness.gateway.v1.WatchRunRequest;
import dev.likeness.gateway.v1.WatchRunResponse;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Starts competition runs and waits for their end. */
public final class CompetitionRuns {
  /** The gateway reads the whole data set before it accepts a run. */
  private static final Duration CREATE_TIME = Duration.ofMinutes(5);

  private static final Duration READ_TIME = Duration.ofSeconds(30);

  private final Platform platform;
  private final Patience patience;

  /** Runs of a platform. */
  public CompetitionRuns(Platform platform, Patience patience) {
    this.platform = platform;
    this.patience = patience;
  }

  /**
   * Runs a competition to its end.
   *
   * @throws CommandFailure if the run failed
   */
  public Run run(RunSpec spec, Progress progress) {
    Run run =
        Platform.within(CREATE_TIME, platform.competition())
            .createRun(
                CreateRunRequest.newBuilder()
                    .setSpec(spec)
                    .setRequestId(UUID.randomUUID().toString())
                    .build())
            .getRun();
    Run ended =
        patience.untilTheEnd("gateway", progress, heard -> watch(run.getId(), progress, heard));
    progress.close();
    if (ended.getState() == RunState.RUN_STATE_FAILED) {
      throw CommandFailure.failed(
          "RUN_FAILED", "run " + ended.getId() + " failed: " + ended.getFailureReason());
    }
    return ended;
  }

  /** The collection of a run; empty if there is no such run or it has none yet. */
  public Optional<String> collectionOf(String id) {
    try {
      Run run =
          Platform.within(READ_TIME, platform.competition())
              .getRun(GetRunRequest.newBuilder().setId(id).build())
              .getRun();
      return Optional.of(run.getResult().getCollection()).filter(name -> !name.isEmpty());
    } catch (StatusRuntimeException e) {
      // What is no run may be a collection.
      if (e.getStatus().getCode() == Code.NOT_FOUND
          || e.getStatus().getCode() == Code.INVALID_ARGUMENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The collection of the newest run that ended with a submission. */
  public Optional<String> newestCollection() {
    return Platform.within(READ_TIME, platform.competition())
        .listRuns(ListRunsRequest.newBuilder().setPageSize(500).build())
        .getRunsList()
        .stream()
        .filter(run -> run.getState() == RunState.RUN_STATE_SUCCEEDED)
        .map(run -> run.getResult().getCollection())
        .filter(name -> !name.isEmpty())
        .findFirst();
  }

  private @Nullable Run watch(String id, Progress progress, Runnable heard) {
    Iterator<WatchRunResponse> changes =
        platform.competition().watchRun(WatchRunRequest.newBuilder().setId(id).build());
    while (changes.hasNext()) {
      Run run = changes.next().getRun();
      heard.run();
      if (run.getState() == RunState.RUN_STATE_SUCCEEDED
          || run.getState() == RunState.RUN_STATE_FAILED) {
        return run;
      }
      progress.show(name(run), run.getStageDone(), run.getStageTotal());
    }
    return null;
  }

  private static String name(Run run) {
    if (run.getState() == RunState.RUN_STATE_QUEUED) {
      return "waiting for its turn";
    }
    RunStage stage = run.getStage();
    return switch (stage) {
      case RUN_STAGE_GALLERY -> "gallery images";
      case RUN_STAGE_QUERIES -> "query images";
      case RUN_STAGE_SEARCH -> "searching";
      case RUN_STAGE_REPORT -> "writing the report";
      case RUN_STAGE_UNSPECIFIED, UNRECOGNIZED -> "running";
    };
  }
}
