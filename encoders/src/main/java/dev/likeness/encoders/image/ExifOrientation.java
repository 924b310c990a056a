package dev.likeness.encoders.image;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * How a camera was held, EXIF tag 0x0112. Value 1 is upright; 2 to 8 are mirrorings and quarter
 * turns.
 */
public record ExifOrientation(int value) {

  private static final ExifOrientation UPRIGHT = new ExifOrientation(1);

  /** Upright where the file says nothing or its metadata is unreadable. */
  public static ExifOrientation of(byte[] bytes) {
    try {
      var metadata =
          ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes), bytes.length);
      for (var directory : metadata.getDirectoriesOfType(ExifIFD0Directory.class)) {
        Integer value = directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        if (value != null && value >= 1 && value <= 8) {
          return new ExifOrientation(value);
        }
      }
      return UPRIGHT;
    } catch (ImageProcessingException | IOException | RuntimeException unreadable) {
      return UPRIGHT;
    }
  }

  /** The pixels the right way up; the same object where they are already. */
  public RgbImage apply(RgbImage image) {
    if (value == 1) {
      return image;
    }
    boolean turned = value >= 5;
    int width = turned ? image.height() : image.width();
    int height = turned ? image.width() : image.height();
    byte[] source = image.rgb();
    byte[] rgb = new byte[source.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = sourcePixel(x, y, width, height, image.width()) * 3;
        System.arraycopy(source, from, rgb, (y * width + x) * 3, 3);
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /** Index of the stored pixel that belongs at (x, y) of the upright image. */
  private int sourcePixel(int x, int y, int width, int height, int stride) {
    int right = width - 1 - x;
    int bottom = height - 1 - y;
    return switch (value) {
      case 2 -> y * stride + right;
      case 3 -> bottom * stride + right;
      case 4 -> bottom * stride + x;
      case 5 -> x * stride + y;
      case 6 -> right * stride + y;
      case 7 -> right * stride + bottom;
      case 8 -> x * stride + bottom;
      default -> y * stride + x;
    };
  }
}
