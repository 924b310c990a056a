package dev.likeness.encoders.store;

import java.io.IOException;

/** A package that cannot be read or written; the message names the file and what to do. */
public final class ModelStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. Stable: services hand it on as the machine-readable reason. */
  public enum Reason {
    /** encoder.json is missing, not JSON, or lacks something. */
    UNREADABLE_CARD,
    /** A file is not the one that was published. */
    HASH_MISMATCH,
    /** The store's folder cannot be read or written. */
    STORAGE_FAILED
  }

  private final Reason reason;

  public ModelStoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ModelStoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static ModelStoreException storageFailed(String message, IOException cause) {
    String detail = cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    return new ModelStoreException(Reason.STORAGE_FAILED, message + detail, cause);
  }

  public Reason reason() {
    return reason;
  }
}
