package dev.likeness.evaluation.sample;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Paints a figure like a snapshot: cluttered background, light, shade, blur, tint and noise. */
final class PhotoPainter {
  private static final float[] LIGHT_STOPS = {0f, 0.55f, 1f};
  private static final Color[] LIGHT = {
    new Color(255, 255, 255, 105), new Color(255, 255, 255, 0), new Color(0, 0, 20, 110)
  };

  private final SplittableRandom random;
  private final int pixels;
  private final double lightX;

  private PhotoPainter(SplittableRandom random, int pixels) {
    this.random = random;
    this.pixels = pixels;
    this.lightX = random.nextBoolean() ? 0.25 : 0.75;
  }

  static BufferedImage paint(Subject subject, int pixels, SplittableRandom random) {
    PhotoPainter painter = new PhotoPainter(random, pixels);
    BufferedImage background = painter.blurred(painter.background(), pixels / 32);
    Pose pose = Pose.random(random);
    painter.figure(background, subject.parts(pose), pose);
    return painter.developed(painter.blurred(background, random.nextInt(2)));
  }

  private BufferedImage background() {
    BufferedImage image = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = smooth(image);
    Color first = Color.getHSBColor((float) random.nextDouble(), 0.25f, 0.75f);
    Color second = Color.getHSBColor((float) random.nextDouble(), 0.35f, 0.35f);
    graphics.setPaint(new GradientPaint(0, 0, first, pixels / 3f, pixels, second));
    graphics.fillRect(0, 0, pixels, pixels);
    for (int i = 0; i < 14; i++) {
      float hue = (float) random.nextDouble();
      Color color = Color.getHSBColor(hue, 0.4f, (float) random.nextDouble(0.3, 0.95));
      graphics.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 110));
      double x = random.nextDouble() * pixels;
      double y = random.nextDouble() * pixels;
      double size = random.nextDouble(0.05, 0.3) * pixels;
      graphics.fill(
          i % 3 == 0
              ? new Rectangle2D.Double(x - size, y - size, size * 0.7, size * 2)
              : Figure.ellipse(x, y, size / 2, size / 2));
    }
    graphics.dispose();
    return image;
  }

  private void figure(BufferedImage image, List<Part> parts, Pose pose) {
    Graphics2D graphics = smooth(image);
    AffineTransform toPixels = pose.toPixels(pixels);
    graphics.transform(toPixels);
    for (Part part : parts) {
      switch (part.kind()) {
        case BODY -> {
          shadow(graphics, part.shape());
          fill(graphics, part);
          ClothPattern.paint(graphics, part);
          light(graphics, part.shape());
        }
        case HAIR -> {
          shadow(graphics, part.shape());
          fill(graphics, part);
          strands(graphics, part);
          light(graphics, part.shape());
        }
        case FLAT, MARK -> fill(graphics, part);
        case LINE -> {
          graphics.setColor(part.color());
          graphics.setStroke(
              new BasicStroke((float) part.width(), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
          graphics.draw(part.shape());
        }
      }
    }
    graphics.dispose();
  }

  private static void fill(Graphics2D graphics, Part part) {
    graphics.setColor(part.color());
    graphics.fill(part.shape());
  }

  private static void shadow(Graphics2D graphics, Shape shape) {
    graphics.setColor(new Color(0, 0, 0, 40));
    graphics.fill(AffineTransform.getTranslateInstance(0.02, 0.045).createTransformedShape(shape));
  }

  private void light(Graphics2D graphics, Shape shape) {
    Rectangle2D bounds = shape.getBounds2D();
    Point2D centre =
        new Point2D.Double(
            bounds.getX() + bounds.getWidth() * lightX, bounds.getY() + bounds.getHeight() * 0.2);
    float radius = (float) Math.max(0.05, Math.max(bounds.getWidth(), bounds.getHeight()) * 0.95);
    graphics.setPaint(new RadialGradientPaint(centre, radius, LIGHT_STOPS, LIGHT));
    graphics.fill(shape);
  }

  private void strands(Graphics2D graphics, Part part) {
    Graphics2D inside = (Graphics2D) graphics.create();
    inside.clip(part.shape());
    Rectangle2D bounds = part.shape().getBounds2D();
    inside.setStroke(new BasicStroke(0.012f));
    for (int i = 0; i < 46; i++) {
      Color color = i % 2 == 0 ? part.color().brighter() : part.color().darker();
      inside.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 120));
      double x = bounds.getX() + random.nextDouble() * bounds.getWidth();
      double y = bounds.getY() + random.nextDouble() * bounds.getHeight();
      inside.draw(new Line2D.Double(x, y, x * 1.18, y + random.nextDouble(0.1, 0.4)));
    }
    inside.dispose();
  }

  private BufferedImage blurred(BufferedImage image, int radius) {
    if (radius == 0) {
      return image;
    }
    float[] weights = new float[2 * radius + 1];
    Arrays.fill(weights, 1f / weights.length);
    // Drawn onto a larger canvas first: the convolution leaves the edge black.
    BufferedImage padded =
        new BufferedImage(pixels + 2 * radius, pixels + 2 * radius, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = padded.createGraphics();
    graphics.drawImage(image, 0, 0, padded.getWidth(), padded.getHeight(), null);
    graphics.drawImage(image, radius, radius, null);
    graphics.dispose();
    BufferedImage across =
        new ConvolveOp(new Kernel(weights.length, 1, weights), ConvolveOp.EDGE_NO_OP, null)
            .filter(padded, null);
    return new ConvolveOp(new Kernel(1, weights.length, weights), ConvolveOp.EDGE_NO_OP, null)
        .filter(across, null)
        .getSubimage(radius, radius, pixels, pixels);
  }

  /** Exposure, colour temperature, vignette and sensor noise. */
  private BufferedImage developed(BufferedImage image) {
    double exposure = random.nextDouble(0.78, 1.18);
    double warmth = random.nextDouble(-0.1, 0.1);
    double grain = random.nextDouble(3, 10);
    BufferedImage developed = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < pixels; y++) {
      for (int x = 0; x < pixels; x++) {
        double dx = (x - pixels / 2.0) / pixels;
        double dy = (y - pixels / 2.0) / pixels;
        double light = exposure * (1 - 0.45 * (dx * dx + dy * dy));
        double noise = grain * (random.nextDouble() + random.nextDouble() - 1);
        int rgb = image.getRGB(x, y);
        int red = level(((rgb >> 16) & 0xFF) * light * (1 + warmth) + noise);
        int green = level(((rgb >> 8) & 0xFF) * light + noise);
        int blue = level((rgb & 0xFF) * light * (1 - warmth) + noise);
        developed.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return developed;
  }

  static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  static Graphics2D smooth(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    return graphics;
  }
}
