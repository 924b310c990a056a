package dev.likeness.gateway.grpc;

import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.submission.SubmissionException;
import dev.likeness.evaluation.truth.TruthException;
import dev.likeness.gateway.attribute.AttributeFileException;
import dev.likeness.gateway.gallery.GalleryException;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.run.ImageNotFoundException;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.run.RunException;
import dev.likeness.gateway.run.RunNotFinishedException;
import dev.likeness.gateway.run.RunNotFoundException;
import dev.likeness.gateway.run.RunOutputMissingException;
import dev.likeness.gateway.run.RunStorageException;
import dev.likeness.gateway.search.SearchException;
import dev.likeness.service.ServiceFailure;
import dev.likeness.service.ServiceFailureMapping;
import io.grpc.Status.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What the gateway throws → what clients see, over gRPC and over HTTP. */
@ApplicationScoped
public class StatusMapping extends ServiceFailureMapping {

  @Override
  protected Optional<ServiceFailure> failureOf(Throwable thrown) {
    return switch (thrown) {
      case RunException e -> Optional.of(run(e));
      case SearchException e -> Optional.of(search(e));
      case GalleryException e -> Optional.of(gallery(e));
      case PeerException e -> Optional.of(PeerFailures.toFailure(e));
      case DatasetException e ->
          invalid("DATASET_INVALID", "spec.dataset_path", String.valueOf(e.getMessage()));
      case AttributeFileException e ->
          invalid("ATTRIBUTES_INVALID", "attributes_path", String.valueOf(e.getMessage()));
      case TruthException e ->
          invalid("LABELS_INVALID", "spec.labels_path", String.valueOf(e.getMessage()));
      case SubmissionException e ->
          Optional.of(ServiceFailure.of(Code.FAILED_PRECONDITION, "SUBMISSION_INVALID", e));
      default -> Optional.empty();
    };
  }

  private static Optional<ServiceFailure> invalid(String reason, String field, String message) {
    return Optional.of(ServiceFailure.ofField(Code.INVALID_ARGUMENT, reason, field, message));
  }

  private static ServiceFailure run(RunException exception) {
    return switch (exception) {
      case InvalidRequestException e ->
          ServiceFailure.ofField(
              Code.INVALID_ARGUMENT,
              reasonOf(e.field()),
              e.field(),
              String.valueOf(e.getMessage()));
      case ImageNotFoundException e -> ServiceFailure.of(Code.NOT_FOUND, "IMAGE_NOT_FOUND", e);
      case RunNotFoundException e -> ServiceFailure.of(Code.NOT_FOUND, "RUN_NOT_FOUND", e);
      case RunNotFinishedException e ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, "RUN_NOT_FINISHED", e);
      case RunOutputMissingException e ->
          ServiceFailure.of(Code.NOT_FOUND, "RUN_OUTPUT_MISSING", e);
      case RunStorageException e -> ServiceFailure.of(Code.UNAVAILABLE, "STORAGE_FAILURE", e);
    };
  }

  private static String reasonOf(String field) {
    return switch (field) {
      case "submission_json" -> "SUBMISSION_INVALID";
      case "labels_json" -> "LABELS_INVALID";
      case "filter" -> "FILTER_INVALID";
      default -> "INVALID_ARGUMENT";
    };
  }

  private static ServiceFailure gallery(GalleryException exception) {
    return switch (exception) {
      case GalleryException.NotFound e -> ServiceFailure.of(Code.NOT_FOUND, "GALLERY_NOT_FOUND", e);
      case GalleryException.Exists e -> ServiceFailure.of(Code.ALREADY_EXISTS, "GALLERY_EXISTS", e);
      case GalleryException.NotMade e ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, "GALLERY_NOT_MADE", e);
      case GalleryException.Storage e -> ServiceFailure.of(Code.UNAVAILABLE, "STORAGE_FAILURE", e);
    };
  }

  private static ServiceFailure search(SearchException exception) {
    return switch (exception) {
      case SearchException.CollectionNotFound e ->
          ServiceFailure.of(Code.NOT_FOUND, "COLLECTION_NOT_FOUND", e);
      case SearchException.EncoderGone e ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, "FINGERPRINT_MISMATCH", e);
    };
  }
}
