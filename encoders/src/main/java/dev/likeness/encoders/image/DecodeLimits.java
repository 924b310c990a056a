package dev.likeness.encoders.image;

/**
 * What a single image may cost. All three are checked before any pixel is allocated.
 *
 * @param maxBytes largest encoded image in bytes
 * @param maxSide largest width or height in pixels
 * @param maxPixels largest width × height; decoding holds about 6 bytes for each
 */
public record DecodeLimits(long maxBytes, int maxSide, long maxPixels) {

  /**
   * 64 MiB is above any camera JPEG and is the largest message our services accept; 32,768 is half
   * of what JPEG can express, enough for panoramas; 100 million pixels (300 MB as RGB, twice that
   * while decoding) covers today's cameras and is close to the size at which Pillow starts to warn.
   */
  public static final DecodeLimits DEFAULT =
      new DecodeLimits(64L * 1024 * 1024, 32_768, 100_000_000L);

  /** An RGB array of more pixels would not fit in one Java array. */
  private static final long LARGEST_ARRAY_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  public DecodeLimits {
    if (maxBytes < 1 || maxSide < 1 || maxPixels < 1 || maxPixels > LARGEST_ARRAY_PIXELS) {
      throw new IllegalArgumentException(
          "limits must be positive and maxPixels at most %d, got bytes %d, side %d, pixels %d"
              .formatted(LARGEST_ARRAY_PIXELS, maxBytes, maxSide, maxPixels));
    }
  }
}
