package dev.likeness.evaluation.sample;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** Paints a figure like a poster: a plain ground, surfaces without outline, few levels of ink. */
final class PosterPainter {
  private PosterPainter() {}

  static BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
    BufferedImage image = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = PhotoPainter.smooth(image);
    graphics.setColor(
        Color.getHSBColor(
            (float) random.nextDouble(),
            (float) random.nextDouble(0.15, 0.7),
            (float) random.nextDouble(0.5, 1)));
    graphics.fillRect(0, 0, pixels, pixels);
    int levels = random.nextInt(3, 6);
    Pose pose = Pose.random(random);
    graphics.transform(pose.toPixels(pixels));
    for (Part part : subject.parts(pose)) {
      graphics.setColor(reduced(part.color(), levels));
      if (part.kind() == Part.Kind.LINE) {
        graphics.setStroke(
            new BasicStroke(
                (float) (part.width() * 1.4), BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL));
        graphics.draw(part.shape());
      } else {
        graphics.fill(part.shape());
        ClothPattern.paint(graphics, part);
      }
    }
    graphics.dispose();
    return image;
  }

  private static Color reduced(Color color, int levels) {
    return new Color(
        reduced(color.getRed(), levels),
        reduced(color.getGreen(), levels),
        reduced(color.getBlue(), levels),
        color.getAlpha());
  }

  private static int reduced(int level, int levels) {
    return Math.round(level / 255f * (levels - 1)) * 255 / (levels - 1);
  }
}
