package dev.likeness.trainer.grpc;

import dev.likeness.service.ServiceFailure;
import dev.likeness.service.ServiceFailureMapping;
import dev.likeness.trainer.job.InvalidDatasetException;
import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.JobExistsException;
import dev.likeness.trainer.job.JobNotCancellableException;
import dev.likeness.trainer.job.JobNotFoundException;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.job.LeaseLostException;
import dev.likeness.trainer.job.TrainerException;
import io.grpc.Status.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What callers see of the trainer's exceptions. */
@ApplicationScoped
public class StatusMapping extends ServiceFailureMapping {

  @Override
  protected Optional<ServiceFailure> failureOf(Throwable thrown) {
    return thrown instanceof TrainerException e ? Optional.of(failureOf(e)) : Optional.empty();
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
      case LeaseLostException e -> ServiceFailure.of(Code.ABORTED, "LEASE_LOST", e);
      case JobStoreException e -> ServiceFailure.of(Code.UNAVAILABLE, "JOB_STORE_UNAVAILABLE", e);
    };
  }
}
