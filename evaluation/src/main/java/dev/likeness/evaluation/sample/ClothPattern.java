package dev.likeness.evaluation.sample;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;

/** Paints the pattern of a piece of cloth, in figure units, inside its outline. */
final class ClothPattern {
  private static final double STEP = 0.24;

  private ClothPattern() {}

  static void paint(Graphics2D graphics, Part part) {
    Color color = part.patternColor();
    if (color == null) {
      return;
    }
    Graphics2D inside = (Graphics2D) graphics.create();
    inside.clip(part.shape());
    inside.setColor(color);
    Rectangle2D bounds = part.shape().getBounds2D();
    switch (part.pattern()) {
      case PLAIN -> {}
      case STRIPES -> rows(inside, bounds, STEP / 2);
      case DOTS -> {
        for (double y = bounds.getMinY(); y < bounds.getMaxY(); y += STEP) {
          for (double x = bounds.getMinX(); x < bounds.getMaxX(); x += STEP) {
            Shape dot = Figure.ellipse(x, y, STEP * 0.28, STEP * 0.28);
            inside.fill(dot);
          }
        }
      }
      case CHECKS -> {
        rows(inside, bounds, STEP / 3);
        for (double x = bounds.getMinX(); x < bounds.getMaxX(); x += STEP) {
          inside.fill(new Rectangle2D.Double(x, bounds.getMinY(), STEP / 3, bounds.getHeight()));
        }
      }
    }
    inside.dispose();
  }

  private static void rows(Graphics2D graphics, Rectangle2D bounds, double height) {
    for (double y = bounds.getMinY(); y < bounds.getMaxY(); y += STEP) {
      graphics.fill(new Rectangle2D.Double(bounds.getMinX(), y, bounds.getWidth(), height));
    }
  }
}
