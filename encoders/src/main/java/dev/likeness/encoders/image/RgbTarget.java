package dev.likeness.encoders.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * Lets the JPEG decoder write its samples where they are wanted, in the order in which it has them.
 * Its own choice is blue first: then every line is turned around, sample by sample, and later once
 * more.
 */
final class RgbTarget {

  private static final ColorModel RGB =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          Transparency.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private static final int[] RED_FIRST = {0, 1, 2};

  private RgbTarget() {}

  /** Reads an image of three components. */
  static RgbImage read(ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, 3), height)];
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(rgb, rgb.length), width, height, width * 3, 3, RED_FIRST, null);
    ImageReadParam parameters = reader.getDefaultReadParam();
    parameters.setDestination(new BufferedImage(RGB, raster, false, null));
    reader.read(0, parameters);
    return new RgbImage(width, height, rgb);
  }
}
