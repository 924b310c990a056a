package dev.likeness.evaluation.sample;

import dev.likeness.evaluation.sample.Identity.Pattern;
import java.awt.Color;
import java.awt.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a figure, in figure units; painted in list order.
 *
 * @param shape outline, or the line itself
 * @param color main colour
 * @param kind how it is painted
 * @param width of a line, 0 for surfaces
 * @param pattern pattern on a surface
 * @param patternColor its colour, null without a pattern
 */
record Part(
    Shape shape,
    Color color,
    Kind kind,
    double width,
    Pattern pattern,
    @Nullable Color patternColor) {

  enum Kind {
    /** A body with light and shade. */
    BODY,
    /** Hair: light, shade and strands. */
    HAIR,
    /** Flat colour with an outline. */
    FLAT,
    /** Flat colour without an outline. */
    MARK,
    /** A line. */
    LINE
  }

  static Part of(Kind kind, Shape shape, Color color) {
    return new Part(shape, color, kind, 0, Pattern.PLAIN, null);
  }

  static Part line(Shape shape, Color color, double width) {
    return new Part(shape, color, Kind.LINE, width, Pattern.PLAIN, null);
  }

  static Part patterned(Shape shape, Color color, Pattern pattern, Color patternColor) {
    return new Part(shape, color, Kind.BODY, 0, pattern, patternColor);
  }
}
