package dev.likeness.evaluation.sample;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** Paints a figure like an illustration: paper, wobbly ink outlines, flat or hatched fills. */
final class DrawingPainter {
  private static final Color INK = new Color(0x2A2530);
  private static final double FLATNESS = 0.006;

  /** How the surfaces are filled. */
  private enum Fill {
    FLAT,
    HATCHED
  }

  private final SplittableRandom random;
  private final int pixels;
  private final Fill fill;
  private final double wobblePhase;
  private final double hatchAngle;
  private final float inkWidth;
  private final Color paper;

  private DrawingPainter(SplittableRandom random, int pixels) {
    this.random = random;
    this.pixels = pixels;
    this.fill = random.nextInt(3) == 0 ? Fill.HATCHED : Fill.FLAT;
    this.wobblePhase = random.nextDouble(0, 6);
    this.hatchAngle = random.nextDouble(0.5, 1.1);
    this.inkWidth = (float) random.nextDouble(0.018, 0.034);
    this.paper =
        Color.getHSBColor(
            (float) random.nextDouble(0.08, 0.17),
            (float) random.nextDouble(0.03, 0.12),
            (float) random.nextDouble(0.93, 0.99));
  }

  static BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
    DrawingPainter painter = new DrawingPainter(random, pixels);
    BufferedImage image = painter.paper();
    Pose pose = Pose.random(random);
    Graphics2D graphics = PhotoPainter.smooth(image);
    graphics.transform(pose.toPixels(pixels));
    for (Part part : subject.parts(pose)) {
      painter.part(graphics, part);
    }
    graphics.dispose();
    return image;
  }

  private BufferedImage paper() {
    BufferedImage image = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < pixels; y++) {
      for (int x = 0; x < pixels; x++) {
        // Grain in steps of four levels: visible, and PNG still packs it well.
        int shade = 4 * (random.nextInt(8) / 6);
        image.setRGB(
            x,
            y,
            (paper.getRed() - shade) << 16
                | (paper.getGreen() - shade) << 8
                | (paper.getBlue() - shade));
      }
    }
    return image;
  }

  private void part(Graphics2D graphics, Part part) {
    Shape wobbly = wobbly(part.shape());
    switch (part.kind()) {
      case BODY, HAIR -> {
        surface(graphics, part, wobbly);
        outline(graphics, wobbly);
      }
      case FLAT -> {
        graphics.setColor(part.color());
        graphics.fill(wobbly);
        outline(graphics, wobbly);
      }
      case MARK -> {
        graphics.setColor(part.color());
        graphics.fill(part.shape());
      }
      case LINE -> {
        graphics.setColor(mixed(part.color(), INK, 0.45));
        graphics.setStroke(
            new BasicStroke((float) part.width(), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(wobbly);
      }
    }
  }

  private void surface(Graphics2D graphics, Part part, Shape outline) {
    if (fill == Fill.FLAT) {
      graphics.setColor(mixed(part.color(), Color.WHITE, 0.12));
      // Colour and line are printed one after the other and never meet exactly.
      graphics.fill(
          AffineTransform.getTranslateInstance(0.014, 0.01).createTransformedShape(outline));
      ClothPattern.paint(graphics, part);
      return;
    }
    graphics.setColor(mixed(part.color(), paper, 0.72));
    graphics.fill(outline);
    hatch(graphics, outline, mixed(part.color(), INK, 0.15), part.kind() == Part.Kind.HAIR);
    ClothPattern.paint(graphics, part);
  }

  private void hatch(Graphics2D graphics, Shape outline, Color color, boolean dense) {
    Graphics2D inside = (Graphics2D) graphics.create();
    inside.clip(outline);
    Rectangle2D bounds = outline.getBounds2D();
    inside.rotate(hatchAngle, bounds.getCenterX(), bounds.getCenterY());
    inside.setColor(color);
    inside.setStroke(new BasicStroke(0.02f));
    double reach = bounds.getWidth() + bounds.getHeight();
    double step = dense ? 0.045 : 0.075;
    for (double y = bounds.getCenterY() - reach; y < bounds.getCenterY() + reach; y += step) {
      inside.draw(
          new Line2D.Double(bounds.getCenterX() - reach, y, bounds.getCenterX() + reach, y + 0.02));
    }
    inside.dispose();
  }

  private void outline(Graphics2D graphics, Shape shape) {
    graphics.setColor(INK);
    graphics.setStroke(new BasicStroke(inkWidth, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  /** The same outline drawn by a hand that is not quite steady. */
  private Shape wobbly(Shape shape) {
    Path2D path = new Path2D.Double();
    double[] point = new double[6];
    for (PathIterator i = shape.getPathIterator(null, FLATNESS); !i.isDone(); i.next()) {
      int segment = i.currentSegment(point);
      double x = point[0] + 0.011 * Math.sin(7 * point[1] + wobblePhase);
      double y = point[1] + 0.011 * Math.sin(6 * point[0] + 2 * wobblePhase);
      switch (segment) {
        case PathIterator.SEG_MOVETO -> path.moveTo(x, y);
        case PathIterator.SEG_LINETO -> path.lineTo(x, y);
        default -> path.closePath();
      }
    }
    return path;
  }

  private static Color mixed(Color first, Color second, double share) {
    return new Color(
        PhotoPainter.level(first.getRed() * (1 - share) + second.getRed() * share),
        PhotoPainter.level(first.getGreen() * (1 - share) + second.getGreen() * share),
        PhotoPainter.level(first.getBlue() * (1 - share) + second.getBlue() * share),
        first.getAlpha());
  }
}
