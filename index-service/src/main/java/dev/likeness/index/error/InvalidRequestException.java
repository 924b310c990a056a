package dev.likeness.index.error;

/** A field of a request breaks its rule. */
public final class InvalidRequestException extends IndexException {

  private final String field;
  private final String violation;

  public InvalidRequestException(String field, String violation) {
    super(field + ": " + violation);
    this.field = field;
    this.violation = violation;
  }

  public String field() {
    return field;
  }

  public String violation() {
    return violation;
  }
}
