package dev.likeness.encoders.runtime;

/** A model that cannot be run; the message says what about it. */
public final class ModelLoadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. Stable: services hand it on as the machine-readable reason. */
  public enum Reason {
    /** ONNX Runtime refuses the file: damaged, or an operator or version it does not know. */
    UNSUPPORTED_MODEL,
    /** Input or output are not what the card says. */
    CARD_MISMATCH,
    /** It loads, and fails when it runs. */
    RUN_FAILED
  }

  private final Reason reason;

  public ModelLoadException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ModelLoadException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
