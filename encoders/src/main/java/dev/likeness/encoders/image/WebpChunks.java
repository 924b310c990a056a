package dev.likeness.encoders.image;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The chunks of a WebP file: "RIFF", size, "WEBP", then name, size and payload of each, padded to
 * an even length, little-endian.
 */
final class WebpChunks {

  private static final int FIRST_CHUNK = 12;
  private static final int PROFILE_FLAG = 0x20;

  private WebpChunks() {}

  /**
   * The same image without its colour profile: the decoder would apply it, and the reference
   * decoder does not.
   *
   * @throws EOFException if the file is shorter than it says; the decoder would fill in what is
   *     missing
   */
  static byte[] withoutProfile(byte[] bytes) throws EOFException {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long end = 8 + (file.getInt(4) & 0xFFFFFFFFL);
    if (end > bytes.length) {
      throw new EOFException("WebP image cut short");
    }
    byte[] cleaned = bytes.clone();
    for (long at = FIRST_CHUNK; at + 8 <= end; ) {
      int chunk = (int) at;
      String name = new String(bytes, chunk, 4, StandardCharsets.US_ASCII);
      if (name.equals("ICCP")) {
        // An unknown chunk is skipped by every decoder.
        cleaned[chunk] = 'x';
      } else if (name.equals("VP8X")) {
        cleaned[chunk + 8] &= ~PROFILE_FLAG;
      }
      long size = file.getInt(chunk + 4) & 0xFFFFFFFFL;
      at += 8 + size + (size & 1);
    }
    return cleaned;
  }
}
