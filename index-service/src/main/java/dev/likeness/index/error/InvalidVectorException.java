package dev.likeness.index.error;

/** The values of a vector cannot be compared. */
public final class InvalidVectorException extends IndexException {

  private final String field;

  public InvalidVectorException(String field, String violation) {
    super(field + ": " + violation);
    this.field = field;
  }

  public String field() {
    return field;
  }
}
