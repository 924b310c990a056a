package dev.likeness.embedder.failure;

/** An image that cannot be decoded. */
public final class ImageRejectedException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  /** Why; the names are the stable reasons of the API without their prefix {@code IMAGE_}. */
  public enum Reason {
    /** No bytes. */
    EMPTY,
    /** Not a format that is read here. */
    UNSUPPORTED_FORMAT,
    /** More bytes or pixels than allowed. */
    TOO_LARGE,
    /** Damaged or cut short. */
    CORRUPT
  }

  private final Reason reason;

  public ImageRejectedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
