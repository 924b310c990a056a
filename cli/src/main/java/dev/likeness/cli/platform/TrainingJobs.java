package dev.likeness.cli.platform;

import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.JobText;
import dev.likeness.cli.output.Progress;
import dev.likeness.trainer.v1.CancelTrainingJobRequest;
import dev.likeness.trainer.v1.CreateTrainingJobRequest;
import dev.likeness.trainer.v1.GetTrainingJobRequest;
import dev.likeness.trainer.v1.GetTrainingJobResponse;
import dev.likeness.trainer.v1.ListTrainingJobsRequest;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import dev.likeness.trainer.v1.WatchTrainingJobRequest;
import dev.likeness.trainer.v1.WatchTrainingJobResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Starts training jobs and waits for their end. */
public final class TrainingJobs {
  private static final Duration CREATE_TIME = Duration.ofMinutes(5);
  private static final Duration READ_TIME = Duration.ofSeconds(30);
  private static final int PERCENT = 100;

  private final Platform platform;
  private final Patience patience;

  /** Jobs of a platform. */
  public TrainingJobs(Platform platform, Patience patience) {
    this.platform = platform;
    this.patience = patience;
  }

  /**
   * Runs a job to its end.
   *
   * @throws CommandFailure if the job failed or was cancelled
   */
  public TrainingJob run(TrainingSpec spec, Progress progress) {
    return requireSuccess(follow(create(spec).getId(), progress));
  }

  /**
   * The job itself.
   *
   * @throws CommandFailure if it failed or was cancelled
   */
  public static TrainingJob requireSuccess(TrainingJob ended) {
    return switch (ended.getState()) {
      case TRAINING_JOB_STATE_FAILED ->
          throw CommandFailure.failed(
              "JOB_FAILED", "job " + ended.getId() + " failed: " + ended.getFailureReason());
      case TRAINING_JOB_STATE_CANCELLED ->
          throw CommandFailure.failed("JOB_CANCELLED", "job " + ended.getId() + " was cancelled");
      case TRAINING_JOB_STATE_SUCCEEDED,
          TRAINING_JOB_STATE_QUEUED,
          TRAINING_JOB_STATE_RUNNING,
          TRAINING_JOB_STATE_UNSPECIFIED,
          UNRECOGNIZED ->
          ended;
    };
  }

  /** Starts a job. */
  public TrainingJob create(TrainingSpec spec) {
    return Platform.within(CREATE_TIME, platform.trainer())
        .createTrainingJob(
            CreateTrainingJobRequest.newBuilder()
                .setSpec(spec)
                .setRequestId(UUID.randomUUID().toString())
                .build())
        .getJob();
  }

  /** Waits for the end of a job, however it ends. */
  public TrainingJob follow(String id, Progress progress) {
    TrainingJob ended =
        patience.untilTheEnd("trainer", progress, heard -> watch(id, progress, heard));
    progress.close();
    return ended;
  }

  /** One job with its epochs. */
  public GetTrainingJobResponse get(String id) {
    return Platform.within(READ_TIME, platform.trainer())
        .getTrainingJob(GetTrainingJobRequest.newBuilder().setId(id).build());
  }

  /** The newest jobs. */
  public List<TrainingJob> newest(int count) {
    return Platform.within(READ_TIME, platform.trainer())
        .listTrainingJobs(ListTrainingJobsRequest.newBuilder().setPageSize(count).build())
        .getJobsList();
  }

  /** Cancels a job. */
  public TrainingJob cancel(String id) {
    return Platform.within(READ_TIME, platform.trainer())
        .cancelTrainingJob(CancelTrainingJobRequest.newBuilder().setId(id).build())
        .getJob();
  }

  private @Nullable TrainingJob watch(String id, Progress progress, Runnable heard) {
    Iterator<WatchTrainingJobResponse> changes =
        platform.trainer().watchTrainingJob(WatchTrainingJobRequest.newBuilder().setId(id).build());
    while (changes.hasNext()) {
      TrainingJob job = changes.next().getJob();
      heard.run();
      switch (job.getState()) {
        case TRAINING_JOB_STATE_SUCCEEDED,
            TRAINING_JOB_STATE_FAILED,
            TRAINING_JOB_STATE_CANCELLED -> {
          return job;
        }
        case TRAINING_JOB_STATE_QUEUED -> progress.show("waiting for a worker");
        case TRAINING_JOB_STATE_RUNNING, TRAINING_JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
            show(job, progress);
      }
    }
    return null;
  }

  private static void show(TrainingJob job, Progress progress) {
    String stage = job.getStage().isBlank() ? "working" : job.getStage();
    // "computing features, 62 %" is one stage, however far it is
    String name = stage.split(",", 2)[0];
    if (job.hasFigures()) {
      progress.show(name, JobText.progress(job), JobText.percent(job), PERCENT);
    } else if (job.hasProgress()) {
      progress.show(name, stage, JobText.percent(job), PERCENT);
    } else {
      progress.show(stage);
    }
  }
}
