package dev.likeness.index.error;

/** The disk refused a write: nothing of the request was acknowledged. */
public final class StorageFailureException extends IndexException {

  private final String action;
  private final String reason;

  public StorageFailureException(String action, String reason, Throwable cause) {
    super(
        "could not "
            + action
            + ": "
            + reason
            + "; nothing was acknowledged, free space or repair the disk and send it again",
        cause);
    this.action = action;
    this.reason = reason;
  }

  public String action() {
    return action;
  }

  public String reason() {
    return reason;
  }
}
