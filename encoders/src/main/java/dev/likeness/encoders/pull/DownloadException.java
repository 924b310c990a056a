package dev.likeness.encoders.pull;

/** Weights that cannot be fetched; the message says what was asked, what came, and what to do. */
public final class DownloadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. Stable: services hand it on as the machine-readable reason. */
  public enum Reason {
    /** The server has no such file. */
    NOT_FOUND,
    /** The server wants to know who asks. */
    ACCESS_DENIED,
    /** No connection, or it broke or stood still more often than is tried. */
    UNREACHABLE,
    /** The server answers what no server of files answers. */
    UNEXPECTED_ANSWER,
    /** The bytes are not the published ones. */
    WRONG_HASH,
    /** The cache cannot take the file. */
    STORAGE_FAILED,
    /** The thread was interrupted. */
    INTERRUPTED
  }

  private final Reason reason;

  public DownloadException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public DownloadException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
