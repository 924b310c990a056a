package dev.likeness.encoders.projection;

/** A projection was asked for from fewer training images than it needs. */
public final class TooFewImagesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int actual;
  private final int required;

  TooFewImagesException(int actual, int required) {
    super(
        "fitting the projection needs at least %d usable training images, got %d; add images or ask"
                .formatted(required, actual)
            + " for a smaller dimension");
    this.actual = actual;
    this.required = required;
  }

  public int actual() {
    return actual;
  }

  public int required() {
    return required;
  }
}
