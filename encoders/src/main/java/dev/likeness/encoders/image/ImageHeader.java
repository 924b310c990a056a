package dev.likeness.encoders.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Format, width and height as the first bytes state them. Reads nothing but the header, so that an
 * image of absurd size is refused before anything is allocated for it.
 */
record ImageHeader(ImageFormat format, long width, long height) {

  static ImageHeader read(byte[] bytes) throws ImageDecodeException {
    ImageFormat format =
        ImageFormat.of(bytes)
            .orElseThrow(
                () ->
                    new ImageDecodeException(
                        ImageDecodeException.Reason.UNSUPPORTED_FORMAT,
                        "not a jpg, png, bmp, gif or webp image (the first bytes decide, not the"
                            + " file name)"));
    try {
      return switch (format) {
        case JPEG -> {
          JpegSegments segments = JpegSegments.read(bytes);
          yield new ImageHeader(format, segments.width(), segments.height());
        }
        case PNG -> png(ByteBuffer.wrap(bytes));
        case BMP -> bmp(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        case GIF -> {
          ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          yield new ImageHeader(format, buffer.getChar(6), buffer.getChar(8));
        }
        case WEBP -> webp(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
      };
    } catch (IndexOutOfBoundsException endsInHeader) {
      throw new ImageDecodeException(
          ImageDecodeException.Reason.CORRUPT,
          "the %s image ends within its header (%d bytes)".formatted(format, bytes.length),
          endsInHeader);
    }
  }

  /** Signature (8), chunk length (4), "IHDR" (4), width, height: big-endian. */
  private static ImageHeader png(ByteBuffer buffer) throws ImageDecodeException {
    if (buffer.getInt(12) != 0x49484452) {
      throw new ImageDecodeException(
          ImageDecodeException.Reason.CORRUPT, "the PNG image does not begin with its IHDR chunk");
    }
    return new ImageHeader(ImageFormat.PNG, uint(buffer.getInt(16)), uint(buffer.getInt(20)));
  }

  /** File header (14), header size (4), width, height; a negative height means top row first. */
  private static ImageHeader bmp(ByteBuffer buffer) {
    if (buffer.getInt(14) == 12) {
      return new ImageHeader(ImageFormat.BMP, buffer.getChar(18), buffer.getChar(20));
    }
    return new ImageHeader(ImageFormat.BMP, buffer.getInt(18), Math.abs((long) buffer.getInt(22)));
  }

  /** "RIFF", size, "WEBP", then the first chunk: extended, lossless or lossy. */
  private static ImageHeader webp(ByteBuffer buffer) throws ImageDecodeException {
    byte[] name = new byte[4];
    buffer.get(12, name);
    String chunk = new String(name, StandardCharsets.US_ASCII);
    return switch (chunk) {
      case "VP8X" ->
          new ImageHeader(
              ImageFormat.WEBP,
              (buffer.getInt(24) & 0xFFFFFF) + 1L,
              (buffer.getInt(26) >>> 8) + 1L);
      case "VP8L" -> {
        int sizes = buffer.getInt(21);
        yield new ImageHeader(
            ImageFormat.WEBP, (sizes & 0x3FFF) + 1L, (sizes >>> 14 & 0x3FFF) + 1L);
      }
      case "VP8 " ->
          new ImageHeader(
              ImageFormat.WEBP, buffer.getChar(26) & 0x3FFF, buffer.getChar(28) & 0x3FFF);
      default ->
          throw new ImageDecodeException(
              ImageDecodeException.Reason.CORRUPT, "the WebP image holds no picture chunk");
    };
  }

  private static long uint(int value) {
    return value & 0xFFFFFFFFL;
  }
}
