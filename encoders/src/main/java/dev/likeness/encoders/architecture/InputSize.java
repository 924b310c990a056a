package dev.likeness.encoders.architecture;

/** Height and width of a network's input in pixels. */
public record InputSize(int height, int width) {

  private static final int LARGEST_SIDE = 4096;

  public InputSize {
    if (Math.min(height, width) < 1 || Math.max(height, width) > LARGEST_SIDE) {
      throw new IllegalArgumentException(
          "an input's sides are 1 to %d pixels, got %d x %d"
              .formatted(LARGEST_SIDE, height, width));
    }
  }

  public static InputSize square(int side) {
    return new InputSize(side, side);
  }
}
