package dev.likeness.trainer.grpc;

import dev.likeness.encoders.store.ModelStoreException;
import dev.likeness.service.ServiceFailure;
import dev.likeness.service.ServiceFailureMapping;
import dev.likeness.trainer.job.InvalidDatasetException;
import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.JobExistsException;
import dev.likeness.trainer.job.JobNotCancellableException;
import dev.likeness.trainer.job.JobNotFoundException;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.job.LeaseLostException;
import dev.likeness.trainer.job.ModelNotFoundException;
import dev.likeness.trainer.job.NoEarlierVersionException;
import dev.likeness.trainer.job.PolicyNotFoundException;
import dev.likeness.trainer.job.TrainerException;
import io.grpc.Status.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What callers see of the trainer's exceptions. */
@ApplicationScoped
public class StatusMapping extends ServiceFailureMapping {

  @Override
  protected Optional<ServiceFailure> failureOf(Throwable thrown) {
    return switch (thrown) {
      case TrainerException e -> Optional.of(failureOf(e));
      case ModelStoreException e ->
          Optional.of(
              ServiceFailure.of(
                  Code.UNAVAILABLE, "MODEL_STORE_UNAVAILABLE", String.valueOf(e.getMessage())));
      default -> Optional.empty();
    };
  }

  private static ServiceFailure failureOf(TrainerException thrown) {
    return switch (thrown) {
      case InvalidJobException e ->
          ServiceFailure.invalidField(e.field(), String.valueOf(e.getMessage()));
      case InvalidDatasetException e ->
          ServiceFailure.ofField(
              Code.INVALID_ARGUMENT,
              "DATASET_INVALID",
              "spec.dataset_path",
              String.valueOf(e.getMessage()));
      case JobNotFoundException e -> ServiceFailure.of(Code.NOT_FOUND, "JOB_NOT_FOUND", e);
      case JobExistsException e -> ServiceFailure.of(Code.ALREADY_EXISTS, "JOB_EXISTS", e);
      case JobNotCancellableException e ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, "JOB_NOT_CANCELLABLE", e);
      case PolicyNotFoundException e -> ServiceFailure.of(Code.NOT_FOUND, "POLICY_NOT_FOUND", e);
      case ModelNotFoundException e -> ServiceFailure.of(Code.NOT_FOUND, "MODEL_NOT_FOUND", e);
      case NoEarlierVersionException e ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, "NO_EARLIER_VERSION", e);
      case LeaseLostException e -> ServiceFailure.of(Code.ABORTED, "LEASE_LOST", e);
      case JobStoreException e -> ServiceFailure.of(Code.UNAVAILABLE, "JOB_STORE_UNAVAILABLE", e);
    };
  }
}
