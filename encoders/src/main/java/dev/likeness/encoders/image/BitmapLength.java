package dev.likeness.encoders.image;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bitmap decoder fills missing rows with black and says nothing, so that the length is checked
 * here.
 */
final class BitmapLength {

  private BitmapLength() {}

  /**
   * @throws EOFException if an uncompressed bitmap has fewer bytes than its rows need
   */
  static void check(byte[] bytes) throws EOFException {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean old = file.getInt(14) == 12;
    long width = old ? file.getChar(18) : file.getInt(18);
    long height = old ? file.getChar(20) : Math.abs((long) file.getInt(22));
    int bitsPerPixel = file.getChar(old ? 24 : 28);
    int compression = old ? 0 : file.getInt(30);
    if (compression != 0 && compression != 3) {
      return;
    }
    long rowBytes = (width * bitsPerPixel + 31) / 32 * 4;
    long pixels = file.getInt(10) & 0xFFFFFFFFL;
    if (pixels + rowBytes * height > bytes.length) {
      throw new EOFException("bitmap cut short");
    }
  }
}
