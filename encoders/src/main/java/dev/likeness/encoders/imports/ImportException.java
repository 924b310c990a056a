package dev.likeness.encoders.imports;

/** An ONNX file that cannot be imported as asked; the message says how to repair it. */
public final class ImportException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. Stable: services hand it on as the machine-readable reason. */
  public enum Reason {
    /** No such file, or it cannot be read. */
    FILE_NOT_READABLE,
    NOT_ONNX,
    /** More than one input without a value. */
    SEVERAL_INPUTS,
    /** No float32 input of four dimensions. */
    NO_IMAGE_INPUT,
    WRONG_CHANNELS,
    /** The graph is made for another image size. */
    WRONG_SIZE,
    MISSING_DATA_FILE,
    /** An external data path that leaves the model's folder. */
    UNSAFE_DATA_PATH,
    UNKNOWN_TENSOR,
    /** Several outputs and none with a usual name. */
    AMBIGUOUS_OUTPUT,
    /** The output's shape does not go with the pooling. */
    WRONG_OUTPUT,
    /** ONNX Runtime refuses or fails. */
    UNSUPPORTED_MODEL
  }

  private final Reason reason;

  public ImportException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ImportException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
