package dev.likeness.trainer.grpc;

import dev.likeness.service.BlockingCall;
import dev.likeness.service.PageRequest;
import dev.likeness.trainer.config.TrainerConfig;
import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobIntake;
import dev.likeness.trainer.job.JobPage;
import dev.likeness.trainer.job.JobStore;
import dev.likeness.trainer.job.RequestId;
import dev.likeness.trainer.v1.CancelTrainingJobRequest;
import dev.likeness.trainer.v1.CancelTrainingJobResponse;
import dev.likeness.trainer.v1.CreateTrainingJobRequest;
import dev.likeness.trainer.v1.CreateTrainingJobResponse;
import dev.likeness.trainer.v1.GetTrainingJobRequest;
import dev.likeness.trainer.v1.GetTrainingJobResponse;
import dev.likeness.trainer.v1.ListTrainingJobsRequest;
import dev.likeness.trainer.v1.ListTrainingJobsResponse;
import dev.likeness.trainer.v1.TrainerService;
import dev.likeness.trainer.v1.WatchTrainingJobRequest;
import dev.likeness.trainer.v1.WatchTrainingJobResponse;
import dev.likeness.trainer.work.JobWorker;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** The trainer over gRPC. */
@GrpcService
public class TrainerGrpcService implements TrainerService {

  private static final int DEFAULT_PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private final JobIntake intake;
  private final JobStore store;
  private final JobWorker worker;
  private final JobWatch watch;

  /** Called by the container. */
  public TrainerGrpcService(
      JobIntake intake, JobStore store, JobWorker worker, TrainerConfig config) {
    this.intake = intake;
    this.store = store;
    this.worker = worker;
    this.watch = new JobWatch(store, config.watchInterval());
  }

  @Override
  public Uni<CreateTrainingJobResponse> createTrainingJob(CreateTrainingJobRequest request) {
    return BlockingCall.answer(
        () -> {
          var job =
              intake.accept(
                  JobId.random(),
                  request.getRequestId().isEmpty() ? null : new RequestId(request.getRequestId()),
                  TrainerMessages.specOf(request.getSpec()));
          worker.wake();
          return CreateTrainingJobResponse.newBuilder()
              .setJob(TrainerMessages.messageOf(job))
              .build();
        });
  }

  @Override
  public Uni<GetTrainingJobResponse> getTrainingJob(GetTrainingJobRequest request) {
    return BlockingCall.answer(
        () -> {
          var job = store.get(idOf(request.getId()));
          var response = GetTrainingJobResponse.newBuilder().setJob(TrainerMessages.messageOf(job));
          store.epochs(job.id()).stream()
              .map(FigureMessages::messageOf)
              .forEach(response::addEpochs);
          return response.build();
        });
  }

  @Override
  public Uni<ListTrainingJobsResponse> listTrainingJobs(ListTrainingJobsRequest request) {
    return BlockingCall.answer(
        () -> {
          PageRequest page =
              PageRequest.of(
                  request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, LARGEST_PAGE);
          JobPage jobs = store.list(page.size(), orderOf(page.afterKey()));
          var response = ListTrainingJobsResponse.newBuilder();
          jobs.jobs().forEach(job -> response.addJobs(TrainerMessages.messageOf(job)));
          if (jobs.more()) {
            response.setNextPageToken(
                PageRequest.tokenAfter(String.valueOf(jobs.jobs().getLast().order())));
          }
          return response.build();
        });
  }

  @Override
  public Multi<WatchTrainingJobResponse> watchTrainingJob(WatchTrainingJobRequest request) {
    return watch
        .follow(idOf(request.getId()))
        .map(
            job ->
                WatchTrainingJobResponse.newBuilder()
                    .setJob(TrainerMessages.messageOf(job))
                    .build());
  }

  @Override
  public Uni<CancelTrainingJobResponse> cancelTrainingJob(CancelTrainingJobRequest request) {
    return BlockingCall.answer(
        () -> {
          var job = store.cancel(idOf(request.getId()));
          return CancelTrainingJobResponse.newBuilder()
              .setJob(TrainerMessages.messageOf(job))
              .build();
        });
  }

  private static JobId idOf(String id) {
    try {
      return new JobId(id);
    } catch (InvalidJobException e) {
      throw new InvalidJobException("id", String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Long orderOf(@Nullable String key) {
    if (key == null) {
      return null;
    }
    try {
      return Long.valueOf(key);
    } catch (NumberFormatException e) {
      throw new InvalidJobException(
          "page_token",
          "page_token is not one that this service gave; leave it empty to start over");
    }
  }
}
