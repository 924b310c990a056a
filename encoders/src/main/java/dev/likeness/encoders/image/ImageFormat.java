package dev.likeness.encoders.image;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** The formats read here, told apart by their first bytes and never by a file name. */
enum ImageFormat {
  JPEG,
  PNG,
  BMP,
  GIF,
  WEBP;

  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final Set<Integer> BITMAP_HEADER_SIZES = Set.of(12, 16, 40, 52, 56, 64, 108, 124);

  static Optional<ImageFormat> of(byte[] bytes) {
    if (startsWith(bytes, 0, new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF})) {
      return Optional.of(JPEG);
    }
    if (startsWith(bytes, 0, PNG_SIGNATURE)) {
      return Optional.of(PNG);
    }
    if (startsWith(bytes, 0, "GIF87a") || startsWith(bytes, 0, "GIF89a")) {
      return Optional.of(GIF);
    }
    if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) {
      return Optional.of(WEBP);
    }
    if (startsWith(bytes, 0, "BM") && hasBitmapHeaderSize(bytes)) {
      return Optional.of(BMP);
    }
    return Optional.empty();
  }

  /** "BM" alone may begin a text; the size of the header that follows is one of a few. */
  private static boolean hasBitmapHeaderSize(byte[] bytes) {
    return bytes.length >= 18
        && bytes[15] == 0
        && bytes[16] == 0
        && bytes[17] == 0
        && BITMAP_HEADER_SIZES.contains(bytes[14] & 0xFF);
  }

  private static boolean startsWith(byte[] bytes, int offset, String ascii) {
    return startsWith(bytes, offset, ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean startsWith(byte[] bytes, int offset, byte[] prefix) {
    if (bytes.length < offset + prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[offset + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
