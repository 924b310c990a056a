package dev.likeness.trainer.job;

/** A value of a requested job breaks a rule. */
public final class InvalidJobException extends TrainerException {

  private static final long serialVersionUID = 1L;

  private final String field;

  /** The field as it is called in the contract, and the rule it breaks. */
  public InvalidJobException(String field, String message) {
    super(message);
    this.field = field;
  }

  /** Name of the field in the contract. */
  public String field() {
    return field;
  }
}
