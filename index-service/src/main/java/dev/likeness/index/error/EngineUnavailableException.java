package dev.likeness.index.error;

/** The cluster that holds the collections does not answer, or not all of it. */
public final class EngineUnavailableException extends IndexException {

  private final String action;
  private final String reason;

  public EngineUnavailableException(String action, String reason) {
    super(
        "could not %s: %s; nothing was acknowledged, see that OpenSearch runs at likeness.index.opensearch.url and send it again"
            .formatted(action, reason));
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
