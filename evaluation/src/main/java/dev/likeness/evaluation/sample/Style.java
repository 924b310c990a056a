package dev.likeness.evaluation.sample;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.SplittableRandom;

/** Ways to picture a subject. */
public enum Style {
  /** A snapshot: cluttered background, light, shade, blur, tint, noise. */
  PHOTO {
    @Override
    BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
      return PhotoPainter.paint(subject, pixels, random);
    }
  },
  /** An illustration: paper, wobbly ink outlines, flat or hatched colour. */
  DRAWING {
    @Override
    BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
      return DrawingPainter.paint(subject, pixels, random);
    }
  },
  /** An illustration without colour. */
  PENCIL {
    @Override
    BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
      BufferedImage drawing = DrawingPainter.paint(subject, pixels, random);
      double contrast = random.nextDouble(0.7, 1.1);
      for (int y = 0; y < pixels; y++) {
        for (int x = 0; x < pixels; x++) {
          Color color = new Color(drawing.getRGB(x, y));
          double luma = 0.299 * color.getRed() + 0.587 * color.getGreen() + 0.114 * color.getBlue();
          int gray = PhotoPainter.level(255 - (255 - luma) * contrast);
          drawing.setRGB(x, y, gray << 16 | gray << 8 | gray);
        }
      }
      return drawing;
    }
  },
  /** A print in few flat colours, on one colour, without outlines. */
  POSTER {
    @Override
    BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
      return PosterPainter.paint(subject, pixels, random);
    }
  },
  /** An illustration of few, large, square pixels. */
  MOSAIC {
    @Override
    BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
      BufferedImage drawing = DrawingPainter.paint(subject, pixels, random);
      int tiles = random.nextInt(28, 49);
      return scaled(
          scaled(drawing, tiles, RenderingHints.VALUE_INTERPOLATION_BILINEAR),
          pixels,
          RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    }
  };

  /**
   * Pictures a subject in a pose that chance decides.
   *
   * @param pixels width and height
   */
  abstract BufferedImage paint(Subject subject, int pixels, SplittableRandom random);

  /** Name in file names. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static BufferedImage scaled(BufferedImage image, int pixels, Object interpolation) {
    BufferedImage scaled = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, interpolation);
    graphics.drawImage(image, 0, 0, pixels, pixels, null);
    graphics.dispose();
    return scaled;
  }
}
