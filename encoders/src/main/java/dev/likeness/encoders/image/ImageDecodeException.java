package dev.likeness.encoders.image;

/** An image that cannot be decoded; the message says what is wrong with it in the user's terms. */
public final class ImageDecodeException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why. Stable: services hand it on as the machine-readable reason. */
  public enum Reason {
    /** No bytes at all. */
    EMPTY,
    /** Not one of the formats read here, or a variant of one that is not supported. */
    UNSUPPORTED_FORMAT,
    /** More bytes or pixels than {@link DecodeLimits} allows. */
    TOO_LARGE,
    /** The right format, but damaged or cut short. */
    CORRUPT
  }

  private final Reason reason;

  public ImageDecodeException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ImageDecodeException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
