package dev.likeness.embedder.grpc;

import dev.likeness.embedder.failure.BuiltInEncoderException;
import dev.likeness.embedder.failure.DeadlinePassedException;
import dev.likeness.embedder.failure.EmbedderException;
import dev.likeness.embedder.failure.EncoderNotFoundException;
import dev.likeness.embedder.failure.EncoderNotLoadedException;
import dev.likeness.embedder.failure.ImageRejectedException;
import dev.likeness.embedder.failure.InferenceFailedException;
import dev.likeness.embedder.failure.ModelInvalidException;
import dev.likeness.embedder.failure.QueueFullException;
import dev.likeness.encoders.checkpoint.CheckpointException;
import dev.likeness.encoders.ensemble.EnsembleException;
import dev.likeness.encoders.imports.ImportException;
import dev.likeness.encoders.pull.DownloadException;
import dev.likeness.encoders.quantize.QuantizationException;
import dev.likeness.encoders.runtime.ModelLoadException;
import dev.likeness.encoders.store.ModelStoreException;
import dev.likeness.service.ServiceFailure;
import dev.likeness.service.ServiceFailureMapping;
import io.grpc.Status.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** The one place where failures of this service get their gRPC code and their stable reason. */
@ApplicationScoped
public class StatusMapping extends ServiceFailureMapping {

  private static final Logger LOG = Logger.getLogger(StatusMapping.class);
  private static final String MODEL_INVALID = "MODEL_INVALID";

  /** Before the reasons that the library gives for weights. */
  private static final String WEIGHTS = "WEIGHTS_";

  @Override
  protected Optional<ServiceFailure> failureOf(Throwable thrown) {
    return switch (thrown) {
      case EmbedderException own -> Optional.of(ownFailure(own));
      case InvalidFieldException invalid ->
          Optional.of(
              ServiceFailure.invalidField(invalid.field(), String.valueOf(invalid.getMessage())));
      case ImportException refused ->
          Optional.of(
              ServiceFailure.ofField(
                  Code.INVALID_ARGUMENT,
                  MODEL_INVALID,
                  "model_path",
                  String.valueOf(refused.getMessage())));
      case EnsembleException refused ->
          Optional.of(
              ServiceFailure.ofField(
                  Code.INVALID_ARGUMENT,
                  "ENSEMBLE_INVALID",
                  "members",
                  String.valueOf(refused.getMessage())));
      case ModelLoadException broken ->
          Optional.of(ServiceFailure.of(Code.FAILED_PRECONDITION, MODEL_INVALID, broken));
      case CheckpointException refused ->
          Optional.of(
              ServiceFailure.of(Code.INVALID_ARGUMENT, WEIGHTS + refused.reason().name(), refused));
      case QuantizationException refused -> Optional.of(quantizationFailure(refused));
      case DownloadException failed -> Optional.of(downloadFailure(failed));
      case ModelStoreException store -> Optional.of(storeFailure(store));
      case CancellationException gone -> Optional.of(cancelled());
      case InterruptedException gone -> Optional.of(cancelled());
      case CompletionException wrapper when wrapper.getCause() != null ->
          Optional.of(failure(wrapper.getCause()));
      default -> Optional.empty();
    };
  }

  private static ServiceFailure ownFailure(EmbedderException failure) {
    return switch (failure) {
      case EncoderNotFoundException e -> ServiceFailure.of(Code.NOT_FOUND, "ENCODER_NOT_FOUND", e);
      case BuiltInEncoderException e ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, "ENCODER_BUILT_IN", e);
      case EncoderNotLoadedException e ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, "ENCODER_NOT_LOADED", e);
      case ModelInvalidException e -> ServiceFailure.of(Code.FAILED_PRECONDITION, MODEL_INVALID, e);
      case ImageRejectedException e ->
          ServiceFailure.ofField(
              Code.INVALID_ARGUMENT,
              "IMAGE_" + e.reason().name(),
              "image",
              String.valueOf(e.getMessage()));
      case QueueFullException e ->
          ServiceFailure.exhausted("QUEUE_FULL", String.valueOf(e.getMessage()), e.retryAfter());
      case DeadlinePassedException e ->
          ServiceFailure.of(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", e);
      case InferenceFailedException e -> {
        LOG.errorf(e, "inference failed");
        yield ServiceFailure.of(Code.INTERNAL, "INFERENCE_FAILED", e);
      }
    };
  }

  /**
   * An interrupted download is ABORTED, not UNAVAILABLE: this service is there, the other is not.
   */
  private static ServiceFailure downloadFailure(DownloadException failure) {
    Code code =
        switch (failure.reason()) {
          case NOT_FOUND -> Code.NOT_FOUND;
          case ACCESS_DENIED -> Code.PERMISSION_DENIED;
          case UNREACHABLE -> Code.ABORTED;
          case UNEXPECTED_ANSWER, WRONG_HASH, STORAGE_FAILED -> Code.FAILED_PRECONDITION;
          case INTERRUPTED -> Code.CANCELLED;
        };
    return ServiceFailure.of(code, WEIGHTS + failure.reason().name(), failure);
  }

  private static ServiceFailure quantizationFailure(QuantizationException failure) {
    Code code =
        switch (failure.reason()) {
          case TOO_FEW_IMAGES -> Code.INVALID_ARGUMENT;
          case ALREADY_QUANTIZED, ENSEMBLE, UNSUPPORTED_OPERATORS, NOTHING_TO_QUANTIZE, LOW_FIDELITY ->
              Code.FAILED_PRECONDITION;
        };
    return ServiceFailure.of(code, "QUANTIZATION_" + failure.reason().name(), failure);
  }

  private static ServiceFailure storeFailure(ModelStoreException failure) {
    return switch (failure.reason()) {
      case UNREADABLE_CARD, HASH_MISMATCH ->
          ServiceFailure.of(Code.FAILED_PRECONDITION, MODEL_INVALID, failure);
      case STORAGE_FAILED ->
          ServiceFailure.of(Code.UNAVAILABLE, "MODEL_STORE_UNAVAILABLE", failure);
    };
  }

  private static ServiceFailure cancelled() {
    return ServiceFailure.of(Code.CANCELLED, "CANCELLED", "the call was cancelled");
  }
}
