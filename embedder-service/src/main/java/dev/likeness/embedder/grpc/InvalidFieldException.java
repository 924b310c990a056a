package dev.likeness.embedder.grpc;

/** A field of a request has a value that it cannot have. */
final class InvalidFieldException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String field;

  InvalidFieldException(String field, String message) {
    super(message);
    this.field = field;
  }

  /** Its name in the contract. */
  String field() {
    return field;
  }
}
