package dev.likeness.trainer.grpc;

import com.google.protobuf.util.Durations;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.service.BlockingCall;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PageRequest;
import dev.likeness.trainer.config.TrainerConfig;
import dev.likeness.trainer.job.DatasetIntake;
import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.PolicyStore;
import dev.likeness.trainer.job.TrainingPolicy;
import dev.likeness.trainer.job.TrainingSpec;
import dev.likeness.trainer.v1.DatasetService;
import dev.likeness.trainer.v1.DeleteTrainingPolicyRequest;
import dev.likeness.trainer.v1.DeleteTrainingPolicyResponse;
import dev.likeness.trainer.v1.ListTrainingPoliciesRequest;
import dev.likeness.trainer.v1.ListTrainingPoliciesResponse;
import dev.likeness.trainer.v1.ReportDatasetChangeRequest;
import dev.likeness.trainer.v1.ReportDatasetChangeResponse;
import dev.likeness.trainer.v1.SetTrainingPolicyRequest;
import dev.likeness.trainer.v1.SetTrainingPolicyResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** Growing data sets over gRPC. */
@GrpcService
public class DatasetGrpcService implements DatasetService {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  private final DatasetIntake intake;
  private final PolicyStore policies;
  private final FileRoots roots;
  private final TrainerConfig.Policy defaults;

  /** Called by the container. */
  public DatasetGrpcService(
      DatasetIntake intake, PolicyStore policies, FileRoots roots, TrainerConfig config) {
    this.intake = intake;
    this.policies = policies;
    this.roots = roots;
    this.defaults = config.policy();
  }

  @Override
  public Uni<ReportDatasetChangeResponse> reportDatasetChange(ReportDatasetChangeRequest request) {
    return BlockingCall.answer(
        () -> {
          DatasetIntake.Report report = intake.report(request.getDatasetPath());
          var response =
              ReportDatasetChangeResponse.newBuilder().setTrainingImageCount(report.images());
          if (report.difference().added() != null) {
            response.setAddedImageCount(report.difference().added());
          }
          if (report.difference().changed() != null) {
            response.setChangedImageCount(report.difference().changed());
          }
          report.policies().forEach(policy -> response.addPolicies(message(policy)));
          return response.build();
        });
  }

  @Override
  public Uni<SetTrainingPolicyResponse> setTrainingPolicy(SetTrainingPolicyRequest request) {
    return BlockingCall.answer(
        () -> {
          TrainingSpec spec = TrainerMessages.specOf(request.getSpec());
          TrainingPolicy policy =
              intake.watch(
                  spec,
                  request.hasMinNewImages() ? request.getMinNewImages() : defaults.minNewImages(),
                  request.hasCoolDown() ? coolDown(request) : defaults.coolDown());
          return SetTrainingPolicyResponse.newBuilder().setPolicy(message(policy)).build();
        });
  }

  private static Duration coolDown(SetTrainingPolicyRequest request) {
    if (!Durations.isValid(request.getCoolDown())) {
      throw new InvalidJobException("cool_down", "cool_down is no valid duration");
    }
    return Duration.ofSeconds(request.getCoolDown().getSeconds(), request.getCoolDown().getNanos());
  }

  @Override
  public Uni<ListTrainingPoliciesResponse> listTrainingPolicies(
      ListTrainingPoliciesRequest request) {
    return BlockingCall.answer(
        () -> {
          PageRequest.Page<TrainingPolicy> page =
              PageRequest.of(
                      request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, LARGEST_PAGE)
                  .cut(
                      policies.list(),
                      policy -> policy.spec().datasetPath() + "\n" + policy.spec().outputEncoder());
          var response =
              ListTrainingPoliciesResponse.newBuilder().setNextPageToken(page.nextPageToken());
          page.items().forEach(policy -> response.addPolicies(message(policy)));
          return response.build();
        });
  }

  @Override
  public Uni<DeleteTrainingPolicyResponse> deleteTrainingPolicy(
      DeleteTrainingPolicyRequest request) {
    return BlockingCall.answer(
        () -> {
          policies.remove(
              roots.resolve(request.getDatasetPath()).toString(),
              encoder(request.getOutputEncoder()));
          return DeleteTrainingPolicyResponse.getDefaultInstance();
        });
  }

  private static EncoderName encoder(String name) {
    try {
      return new EncoderName(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException("output_encoder", "output_encoder: " + e.getMessage());
    }
  }

  private static dev.likeness.trainer.v1.TrainingPolicy message(TrainingPolicy policy) {
    var message =
        dev.likeness.trainer.v1.TrainingPolicy.newBuilder()
            .setSpec(TrainerMessages.messageOf(policy.spec()))
            .setMinNewImages(policy.minNewImages())
            .setCoolDown(Durations.fromMillis(policy.coolDown().toMillis()))
            .setCountedImageCount(policy.countedImageCount())
            .setLastJobId(policy.lastJob() == null ? "" : policy.lastJob().value());
    if (policy.imageCount() != null) {
      message.setImageCount(policy.imageCount());
    }
    if (policy.changedImageCount() != null) {
      message.setChangedImageCount(policy.changedImageCount());
    }
    if (policy.lastJobTime() != null) {
      message.setLastJobTime(TrainerMessages.messageOf(policy.lastJobTime()));
    }
    return message.build();
  }
}
