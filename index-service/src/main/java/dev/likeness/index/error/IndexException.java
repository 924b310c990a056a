package dev.likeness.index.error;

/**
 * The base of every failure this service explains to its callers. Each type carries its facts as
 * fields; the message says the rule, the value and how to repair it.
 */
public abstract sealed class IndexException extends RuntimeException
    permits AliasNotFoundException,
        CollectionDamagedException,
        CollectionExistsException,
        CollectionInUseException,
        CollectionNotFoundException,
        CollectionReadOnlyException,
        DimensionMismatchException,
        EngineRefusedException,
        EngineUnavailableException,
        EngineUnsupportedException,
        FingerprintMismatchException,
        IndexFullException,
        InvalidRequestException,
        InvalidVectorException,
        SearchAbandonedException,
        SearchQueueFullException,
        SnapshotDamagedException,
        SnapshotExistsException,
        SnapshotNotFoundException,
        StorageFailureException,
        VectorNotFoundException {

  IndexException(String message) {
    super(message);
  }

  IndexException(String message, Throwable cause) {
    super(message, cause);
  }
}
