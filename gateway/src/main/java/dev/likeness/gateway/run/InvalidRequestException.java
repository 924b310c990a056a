package dev.likeness.gateway.run;

/** A field of a request breaks a rule. */
public final class InvalidRequestException extends RunException {

  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field path of the field, e.g. "spec.top_k"
   * @param message the rule, the value and how to repair it
   */
  public InvalidRequestException(String field, String message) {
    super(message);
    this.field = field;
  }

  /** Path of the field. */
  public String field() {
    return field;
  }
}
