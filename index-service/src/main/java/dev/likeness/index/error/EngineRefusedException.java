package dev.likeness.index.error;

/** The cluster that holds the collections answers that it will not do this. */
public final class EngineRefusedException extends IndexException {

  private final String action;
  private final String reason;

  public EngineRefusedException(String action, String reason) {
    super("OpenSearch refused to %s: %s".formatted(action, reason));
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
