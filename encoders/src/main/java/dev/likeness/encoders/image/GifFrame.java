package dev.likeness.encoders.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A GIF's first frame may cover only a part of its canvas; the rest has the background colour.
 *
 * <p>Read here from the file (GIF89a, all little-endian): canvas size at byte 6, flags at 10,
 * background index at 11, global palette at 13, then extension blocks up to the image descriptor.
 */
final class GifFrame {

  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;

  private GifFrame() {}

  /**
   * @param frame the pixels of the first frame alone
   * @throws IndexOutOfBoundsException if the file ends before its first image
   */
  static RgbImage onCanvas(byte[] bytes, RgbImage frame) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int width = file.getChar(6);
    int height = file.getChar(8);
    if (frame.width() == width && frame.height() == height) {
      return frame;
    }
    int descriptor = firstImage(file);
    int left = file.getChar(descriptor + 1);
    int top = file.getChar(descriptor + 3);
    width = Math.max(width, left + frame.width());
    height = Math.max(height, top + frame.height());
    byte[] rgb = new byte[Math.multiplyExact(width * 3, height)];
    fillBackground(file, rgb);
    for (int y = 0; y < frame.height(); y++) {
      System.arraycopy(
          frame.rgb(),
          y * frame.width() * 3,
          rgb,
          ((top + y) * width + left) * 3,
          frame.width() * 3);
    }
    return new RgbImage(width, height, rgb);
  }

  private static void fillBackground(ByteBuffer file, byte[] rgb) {
    int index = file.get(11) & 0xFF;
    if (index >= paletteSize(file)) {
      return;
    }
    byte[] color = new byte[3];
    file.get(13 + 3 * index, color);
    if (Arrays.equals(color, new byte[3])) {
      return;
    }
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = color[i % 3];
    }
  }

  private static int firstImage(ByteBuffer file) {
    int at = 13 + 3 * paletteSize(file);
    while ((file.get(at) & 0xFF) != IMAGE) {
      if ((file.get(at) & 0xFF) != EXTENSION) {
        throw new IndexOutOfBoundsException("no image in the GIF file");
      }
      at += 2;
      while (file.get(at) != 0) {
        at += 1 + (file.get(at) & 0xFF);
      }
      at++;
    }
    return at;
  }

  /** Colours of the global palette, 0 if there is none. */
  private static int paletteSize(ByteBuffer file) {
    int flags = file.get(10);
    return (flags & 0x80) == 0 ? 0 : 2 << (flags & 7);
  }
}
