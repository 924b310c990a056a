package dev.likeness.evaluation.report;

import dev.likeness.evaluation.image.JpegEncoding;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;

/**
 * A small picture as a data URI. Large images are read with skipped pixels, so memory is bounded.
 */
final class Thumbnail {
  /** A hundred megapixels: real cameras stay below, files made to exhaust a reader do not. */
  private static final long MAX_PIXELS = 100_000_000;

  private static final float QUALITY = 0.8f;

  private Thumbnail() {}

  /** Empty when the file is no image that can be read. */
  static Optional<String> of(Path file, int longerSide) {
    try (FileImageInputStream in = new FileImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return Optional.empty();
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return read(reader, longerSide).map(Thumbnail::dataUri);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException _) {
      // Readers answer broken files with exceptions of every kind; a report has a placeholder.
      return Optional.empty();
    }
  }

  private static Optional<BufferedImage> read(ImageReader reader, int longerSide)
      throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if ((long) width * height > MAX_PIXELS) {
      return Optional.empty();
    }
    ImageReadParam parameters = reader.getDefaultReadParam();
    // Half of the size is left for smooth scaling.
    int step = Math.max(1, Math.max(width, height) / (2 * longerSide));
    parameters.setSourceSubsampling(step, step, 0, 0);
    BufferedImage image = reader.read(0, parameters);
    double scale = Math.min(1, (double) longerSide / Math.max(image.getWidth(), image.getHeight()));
    return Optional.of(
        scaled(
            withoutGamma(image),
            Math.max(1, (int) Math.round(image.getWidth() * scale)),
            Math.max(1, (int) Math.round(image.getHeight() * scale))));
  }

  private static BufferedImage scaled(BufferedImage image, int width, int height) {
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }

  /** Gray samples as they are: Java takes them for linear light and would draw them too bright. */
  private static BufferedImage withoutGamma(BufferedImage image) {
    boolean gray = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    if (!gray
        || image.getRaster().getNumBands() != 1
        || image.getRaster().getDataBuffer().getDataType() != DataBuffer.TYPE_BYTE
        || image.getColorModel().getPixelSize() != 8) {
      return image;
    }
    BufferedImage rgb =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        rgb.setRGB(x, y, image.getRaster().getSample(x, y, 0) * 0x010101);
      }
    }
    return rgb;
  }

  private static String dataUri(BufferedImage image) {
    return "data:image/jpeg;base64,"
        + Base64.getEncoder().encodeToString(JpegEncoding.of(image, QUALITY));
  }
}
