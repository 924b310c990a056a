package dev.likeness.encoders.checkpoint;

/** A file of weights that is not read; the message names what was found and the rule it breaks. */
public final class CheckpointException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. Stable: services hand it on as the machine-readable reason. */
  public enum Reason {
    /** No such file, or the system refuses to read it. */
    FILE_NOT_READABLE,
    /** Neither safetensors nor a torch checkpoint. */
    UNKNOWN_FORMAT,
    /** The file ends before what it announces. */
    TRUNCATED,
    /** The file contradicts itself or its format. */
    MALFORMED,
    /** A pickle that asks for something other than tensors and plain containers. */
    FORBIDDEN_OBJECT,
    /** Larger or deeper than any checkpoint is. */
    LIMIT_EXCEEDED,
    /** Well formed, but in a way that is not read, such as compressed entries. */
    UNSUPPORTED,
    /** Tensors are asked for that the file does not hold, or not in that shape. */
    TENSORS_DO_NOT_FIT
  }

  /** Messages quote names from files, which may be of any length. */
  private static final int LONGEST_MESSAGE = 4000;

  private final Reason reason;

  public CheckpointException(Reason reason, String message) {
    super(printable(message));
    this.reason = reason;
  }

  public CheckpointException(Reason reason, String message, Throwable cause) {
    super(printable(message), cause);
    this.reason = reason;
  }

  /** Short enough to be shown, and without characters that a terminal would obey. */
  private static String printable(String message) {
    String shown =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  public Reason reason() {
    return reason;
  }
}
