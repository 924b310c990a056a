package dev.likeness.encoders.image;

/**
 * A decoded image: 8-bit RGB, interleaved.
 *
 * <p>The pixel array is not copied, neither in nor out: an image of 100 megapixels is 300 MB.
 * Whoever hands the array in gives it up; whoever reads it must not write.
 */
public final class RgbImage {

  private final int width;
  private final int height;
  private final byte[] rgb;

  /**
   * @param width pixels, at least 1
   * @param height pixels, at least 1
   * @param rgb height × width × 3 samples, row by row, red first, each 0 to 255 as an unsigned byte
   */
  public RgbImage(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "an image needs at least one pixel, got %d x %d".formatted(width, height));
    }
    if (rgb.length != (long) width * height * 3) {
      throw new IllegalArgumentException(
          "%d x %d pixels need %d samples, got %d"
              .formatted(width, height, (long) width * height * 3, rgb.length));
    }
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The samples, [height][width][3]; shared, read only by agreement. */
  public byte[] rgb() {
    return rgb;
  }
}
