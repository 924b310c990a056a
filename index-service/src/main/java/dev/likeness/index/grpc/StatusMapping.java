package dev.likeness.index.grpc;

import dev.likeness.index.error.AliasNotFoundException;
import dev.likeness.index.error.CollectionDamagedException;
import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionInUseException;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.CollectionReadOnlyException;
import dev.likeness.index.error.DimensionMismatchException;
import dev.likeness.index.error.EngineRefusedException;
import dev.likeness.index.error.EngineUnavailableException;
import dev.likeness.index.error.EngineUnsupportedException;
import dev.likeness.index.error.FingerprintMismatchException;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.InvalidVectorException;
import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.error.SearchQueueFullException;
import dev.likeness.index.error.SnapshotDamagedException;
import dev.likeness.index.error.SnapshotExistsException;
import dev.likeness.index.error.SnapshotNotFoundException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.service.ServiceFailure;
import dev.likeness.service.ServiceFailureMapping;
import io.grpc.Status.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** What each failure of the index looks like to clients. */
@ApplicationScoped
public class StatusMapping extends ServiceFailureMapping {

  /** A search takes milliseconds, so a place is free soon. */
  private static final Duration QUEUE_DELAY = Duration.ofMillis(100);

  /** Memory comes back only when somebody deletes. */
  private static final Duration MEMORY_DELAY = Duration.ofSeconds(30);

  /** A node that was lost is replaced within seconds. */
  private static final Duration ENGINE_DELAY = Duration.ofSeconds(2);

  @Override
  protected Optional<ServiceFailure> failureOf(Throwable thrown) {
    return thrown instanceof IndexException e ? Optional.of(failureOf(e)) : Optional.empty();
  }

  /** The outcome of one vector of a batch: every broken rule is that of the vector. */
  static ServiceFailure outcome(IndexException thrown) {
    return switch (thrown) {
      case InvalidRequestException e ->
          ServiceFailure.ofField(Code.INVALID_ARGUMENT, "VECTOR_INVALID", e.field(), text(e));
      default -> failureOf(thrown);
    };
  }

  private static ServiceFailure failureOf(IndexException thrown) {
    return switch (thrown) {
      case AliasNotFoundException e -> of(Code.NOT_FOUND, "ALIAS_NOT_FOUND", e);
      case CollectionDamagedException e -> of(Code.DATA_LOSS, "COLLECTION_CORRUPT", e);
      case CollectionExistsException e -> of(Code.ALREADY_EXISTS, "COLLECTION_EXISTS", e);
      case CollectionInUseException e -> of(Code.FAILED_PRECONDITION, "COLLECTION_IN_USE", e);
      case CollectionNotFoundException e -> of(Code.NOT_FOUND, "COLLECTION_NOT_FOUND", e);
      case CollectionReadOnlyException e -> of(Code.FAILED_PRECONDITION, "STORAGE_FAILURE", e);
      case DimensionMismatchException e ->
          ServiceFailure.ofField(Code.INVALID_ARGUMENT, "DIMENSION_MISMATCH", "values", text(e));
      case EngineRefusedException e -> of(Code.FAILED_PRECONDITION, "ENGINE_REFUSED", e);
      case EngineUnavailableException e ->
          new ServiceFailure(Code.UNAVAILABLE, "ENGINE_UNAVAILABLE", text(e), null, ENGINE_DELAY);
      case EngineUnsupportedException e -> of(Code.UNIMPLEMENTED, "ENGINE_UNSUPPORTED", e);
      case FingerprintMismatchException e ->
          of(Code.FAILED_PRECONDITION, "FINGERPRINT_MISMATCH", e);
      case IndexFullException e -> ServiceFailure.exhausted("INDEX_FULL", text(e), MEMORY_DELAY);
      case InvalidRequestException e -> ServiceFailure.invalidField(e.field(), text(e));
      case InvalidVectorException e ->
          ServiceFailure.ofField(Code.INVALID_ARGUMENT, "VECTOR_INVALID", e.field(), text(e));
      case SearchAbandonedException e -> of(Code.DEADLINE_EXCEEDED, "SEARCH_ABANDONED", e);
      case SearchQueueFullException e ->
          ServiceFailure.exhausted("SEARCH_QUEUE_FULL", text(e), QUEUE_DELAY);
      case SnapshotDamagedException e -> of(Code.DATA_LOSS, "SNAPSHOT_CORRUPT", e);
      case SnapshotExistsException e -> of(Code.ALREADY_EXISTS, "SNAPSHOT_EXISTS", e);
      case SnapshotNotFoundException e -> of(Code.NOT_FOUND, "SNAPSHOT_NOT_FOUND", e);
      case StorageFailureException e -> of(Code.UNAVAILABLE, "STORAGE_FAILURE", e);
      case VectorNotFoundException e -> of(Code.NOT_FOUND, "VECTOR_NOT_FOUND", e);
    };
  }

  private static ServiceFailure of(Code code, String reason, IndexException e) {
    return ServiceFailure.of(code, reason, e);
  }

  private static String text(IndexException e) {
    return String.valueOf(e.getMessage());
  }
}
