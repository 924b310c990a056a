package dev.likeness.encoders.image;

import dev.likeness.encoders.image.JpegSegments.AdobeTransform;
import java.awt.image.Raster;

/**
 * The four components of a print JPEG to RGB without a colour profile, in Pillow's integer
 * arithmetic. Files with an Adobe marker hold the inverted inks; in YCCK the first three components
 * are luminance and chrominance of the (inverted) inks.
 */
final class CmykConversion {

  /** 16-bit fixed point, as in the JPEG reference library (ITU-T T.871, section 7). */
  private static final int HALF = 1 << 15;

  private static final int RED_FROM_CR = fixed(1.40200);
  private static final int BLUE_FROM_CB = fixed(1.77200);
  private static final int GREEN_FROM_CR = fixed(0.71414);
  private static final int GREEN_FROM_CB = fixed(0.34414);

  private CmykConversion() {}

  static RgbImage toRgb(Raster raster, AdobeTransform transform) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(width * 3, height)];
    int[] row = new int[width * 4];
    int out = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += 4) {
        if (transform == AdobeTransform.YCCK) {
          toInks(row, x);
        }
        boolean inverted = transform != AdobeTransform.ABSENT;
        int paper = inverted ? row[x + 3] : 255 - row[x + 3];
        for (int ink = 0; ink < 3; ink++) {
          int amount = inverted ? 255 - row[x + ink] : row[x + ink];
          rgb[out++] = (byte) Math.max(0, paper - divideBy255(amount * paper));
        }
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /** YCC of the file stands for RGB, and RGB for the complement of the inks. */
  private static void toInks(int[] row, int at) {
    int luminance = row[at];
    int cb = row[at + 1] - 128;
    int cr = row[at + 2] - 128;
    row[at] = 255 - clamp(luminance + ((RED_FROM_CR * cr + HALF) >> 16));
    row[at + 1] =
        255 - clamp(luminance + ((-GREEN_FROM_CB * cb - GREEN_FROM_CR * cr + HALF) >> 16));
    row[at + 2] = 255 - clamp(luminance + ((BLUE_FROM_CB * cb + HALF) >> 16));
  }

  private static int fixed(double factor) {
    return (int) (factor * 65536 + 0.5);
  }

  private static int clamp(int value) {
    return Math.clamp(value, 0, 255);
  }

  /** Rounded division of a product of two bytes. */
  private static int divideBy255(int product) {
    int rounded = product + 128;
    return ((rounded >> 8) + rounded) >> 8;
  }
}
