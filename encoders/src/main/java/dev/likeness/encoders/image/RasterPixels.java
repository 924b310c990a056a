package dev.likeness.encoders.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * The samples of a decoded image as RGB bytes, untouched by colour management. ({@code
 * BufferedImage.getRGB} converts gray from a linear space: 42 would become 113.)
 */
final class RasterPixels {

  private RasterPixels() {}

  static RgbImage toRgb(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel colors = image.getColorModel();
    byte[] rgb = new byte[Math.multiplyExact(image.getWidth() * 3, image.getHeight())];
    if (colors instanceof IndexColorModel palette) {
      fromPalette(raster, palette, rgb);
    } else if (raster.getSampleModel() instanceof ComponentSampleModel samples) {
      if (raster.getDataBuffer() instanceof DataBufferByte buffer && buffer.getNumBanks() == 1) {
        fromBytes(raster, samples, buffer.getData(), buffer.getOffset(), rgb);
      } else {
        fromSamples(raster, rgb);
      }
    } else {
      fromColorModel(image, rgb);
    }
    return new RgbImage(image.getWidth(), image.getHeight(), rgb);
  }

  private static void fromPalette(Raster raster, IndexColorModel palette, byte[] rgb) {
    int[] colors = new int[palette.getMapSize()];
    palette.getRGBs(colors);
    int width = raster.getWidth();
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        // An index beyond a short palette is black, as the reference decoder has it.
        int color = row[x] < colors.length ? colors[row[x]] : 0;
        rgb[out++] = (byte) (color >> 16);
        rgb[out++] = (byte) (color >> 8);
        rgb[out++] = (byte) color;
      }
    }
  }

  /** The fast path: 1 to 4 interleaved byte bands in any order; alpha is skipped. */
  private static void fromBytes(
      Raster raster, ComponentSampleModel samples, byte[] data, int bufferOffset, byte[] rgb) {
    int[] bands = samples.getBandOffsets();
    int red = bands[0];
    int green = bands.length >= 3 ? bands[1] : red;
    int blue = bands.length >= 3 ? bands[2] : red;
    int pixelStride = samples.getPixelStride();
    int first =
        bufferOffset
            - raster.getSampleModelTranslateY() * samples.getScanlineStride()
            - raster.getSampleModelTranslateX() * pixelStride;
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      int at = first + y * samples.getScanlineStride();
      for (int x = 0; x < raster.getWidth(); x++, at += pixelStride, out += 3) {
        rgb[out] = data[at + red];
        rgb[out + 1] = data[at + green];
        rgb[out + 2] = data[at + blue];
      }
    }
  }

  /**
   * 16 bits per sample. Colour, and gray with alpha, keep the high byte; plain gray is clipped at
   * 255. That is what Pillow does (mode "I;16" to "RGB"), and networks were fed by it.
   */
  private static void fromSamples(Raster raster, byte[] rgb) {
    int bands = raster.getNumBands();
    int shift = raster.getSampleModel().getDataType() == DataBuffer.TYPE_BYTE ? 0 : 8;
    int width = raster.getWidth();
    int[] row = new int[width * bands];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < 3; channel++) {
          int sample = row[x * bands + (bands >= 3 ? channel : 0)];
          rgb[out++] = (byte) (bands == 1 ? Math.min(sample, 255) : sample >> shift);
        }
      }
    }
  }

  /** Packed integers; their colour models are plain bit fields, so that getRGB is exact. */
  private static void fromColorModel(BufferedImage image, byte[] rgb) {
    int width = image.getWidth();
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        rgb[out++] = (byte) (row[x] >> 16);
        rgb[out++] = (byte) (row[x] >> 8);
        rgb[out++] = (byte) row[x];
      }
    }
  }
}
