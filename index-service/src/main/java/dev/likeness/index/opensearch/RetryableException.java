package dev.likeness.index.opensearch;

/** The cluster could not do it now; the same may succeed in a moment. */
final class RetryableException extends RuntimeException {

  RetryableException(String reason) {
    super(reason, null, false, false);
  }
}
