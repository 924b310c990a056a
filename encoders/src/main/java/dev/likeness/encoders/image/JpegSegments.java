package dev.likeness.encoders.image;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The markers of a JPEG before its first scan, as far as colour depends on them.
 *
 * <p>The decoder gets a {@link #cleaned} stream: without ICC profiles (it would convert colours,
 * and the reference decoder does not), without thumbnails and comments, and with a JFIF marker
 * where the colour space would otherwise be guessed differently.
 */
final class JpegSegments {

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int TEM = 0x01;
  private static final int APP0 = 0xE0;
  private static final int APP14 = 0xEE;
  private static final int COM = 0xFE;

  /** Version 1.1, no unit, 1:1, no thumbnail. */
  private static final byte[] JFIF = {
    (byte) 0xFF, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  /** What the Adobe marker says of the samples; absent means there is no such marker. */
  enum AdobeTransform {
    ABSENT,
    NONE,
    YCC,
    YCCK
  }

  private final byte[] bytes;
  private int width;
  private int height;
  private int components;
  private boolean namedRgb;
  private AdobeTransform adobeTransform = AdobeTransform.ABSENT;

  private JpegSegments(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws ImageDecodeException if the markers are damaged or the compression is one that is not
   *     read here
   * @throws IndexOutOfBoundsException if the bytes end before the first scan
   */
  static JpegSegments read(byte[] bytes) throws ImageDecodeException {
    JpegSegments segments = new JpegSegments(bytes);
    segments.walk(null);
    if (segments.components == 0) {
      throw new ImageDecodeException(
          ImageDecodeException.Reason.CORRUPT, "the JPEG image has no frame header");
    }
    return segments;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** 1 grayscale, 3 colour, 4 CMYK. */
  int components() {
    return components;
  }

  AdobeTransform adobeTransform() {
    return adobeTransform;
  }

  /** The same image without the markers that would change its colours. */
  byte[] cleaned() throws ImageDecodeException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length + JFIF.length);
    kept.write(0xFF);
    kept.write(SOI);
    if (components != 4 && adobeTransform == AdobeTransform.ABSENT && !namedRgb) {
      kept.writeBytes(JFIF);
    }
    int scan = walk(kept);
    kept.write(bytes, scan, bytes.length - scan);
    return kept.toByteArray();
  }

  /** Goes through the segments; copies the wanted ones when {@code kept} is given. */
  private int walk(@Nullable ByteArrayOutputStream kept) throws ImageDecodeException {
    int at = 2;
    while (true) {
      int start = at;
      // Encoders leave stray bytes and fill bytes between segments; every decoder skips them.
      while (unsigned(at) != 0xFF || unsigned(at + 1) == 0 || unsigned(at + 1) == 0xFF) {
        at++;
        start = at;
      }
      int marker = unsigned(at + 1);
      if (marker == SOS) {
        return at;
      }
      if (marker == EOI) {
        throw new ImageDecodeException(
            ImageDecodeException.Reason.CORRUPT, "the JPEG image ends before its pixels");
      }
      at += 2;
      if (marker == TEM || (marker >= 0xD0 && marker <= SOI)) {
        continue;
      }
      int length = unsigned(at) << 8 | unsigned(at + 1);
      if (length < 2) {
        throw new ImageDecodeException(
            ImageDecodeException.Reason.CORRUPT, "the JPEG image has a segment of negative length");
      }
      note(marker, at + 2, length - 2);
      at += length;
      if (kept != null && isKept(marker)) {
        kept.write(bytes, start, Math.min(at, bytes.length) - start);
      }
    }
  }

  private void note(int marker, int at, int length) throws ImageDecodeException {
    if (isFrame(marker)) {
      frame(marker, at);
    } else if (marker == APP14 && length >= 12 && unsigned(at) == 'A' && unsigned(at + 1) == 'd') {
      adobeTransform =
          switch (unsigned(at + 11)) {
            case 1 -> AdobeTransform.YCC;
            case 2 -> AdobeTransform.YCCK;
            default -> AdobeTransform.NONE;
          };
    }
  }

  /** Precision, height, width, number of components, then three bytes for each. */
  private void frame(int marker, int at) throws ImageDecodeException {
    int precision = unsigned(at);
    height = unsigned(at + 1) << 8 | unsigned(at + 2);
    width = unsigned(at + 3) << 8 | unsigned(at + 4);
    components = unsigned(at + 5);
    namedRgb =
        components == 3
            && unsigned(at + 6) == 'R'
            && unsigned(at + 9) == 'G'
            && unsigned(at + 12) == 'B';
    boolean readable = marker <= 0xC2 && precision == 8;
    if (!readable || (components != 1 && components != 3 && components != 4)) {
      throw new ImageDecodeException(
          ImageDecodeException.Reason.UNSUPPORTED_FORMAT,
          ("only baseline and progressive JPEG with 8 bits and 1, 3 or 4 components is read; this"
                  + " one has compression type %d, %d bits, %d components")
              .formatted(marker - 0xC0, precision, components));
    }
  }

  /** SOF0 to SOF15 without the tables that share the range. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static boolean isKept(int marker) {
    boolean application = marker >= APP0 && marker <= 0xEF;
    return marker != COM && (!application || marker == APP14);
  }

  private int unsigned(int index) {
    return bytes[index] & 0xFF;
  }
}
