package dev.likeness.evaluation.sample;

import dev.likeness.evaluation.sample.Identity.Pattern;
import dev.likeness.evaluation.sample.Part.Kind;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A four-legged animal from the side: what stays the same in every picture of it.
 *
 * @param name name of the class
 * @param coat colour of the body
 * @param spots colour of the pattern on it
 * @param pattern pattern of the coat
 * @param belly half height of the body, 0.22 to 0.42
 * @param length half length of the body, 0.45 to 0.7
 * @param legs length of the legs, 0.15 to 0.5
 * @param neck how high the head is above the body, 0 to 0.6
 * @param head radius of the head, 0.17 to 0.3
 * @param ears shape of the ears
 * @param tail shape of the tail
 * @param snout length of the snout, 0 to 0.25
 * @param hooves colour of feet and ears
 */
record Creature(
    String name,
    Color coat,
    Color spots,
    Pattern pattern,
    double belly,
    double length,
    double legs,
    double neck,
    double head,
    Ears ears,
    Tail tail,
    double snout,
    Color hooves)
    implements Subject {
  private static final Color EYE = new Color(0x1A1618);

  enum Ears {
    ROUND,
    POINTED,
    LONG,
    HORNS
  }

  enum Tail {
    STUB,
    CURVED,
    BUSHY
  }

  static Creature of(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_039 + number);
    Palette palette = new Palette(random);
    return new Creature(
        "creature-%03d".formatted(number + 1),
        palette.next(),
        palette.next(),
        Pattern.values()[(number + number / 4) % 4],
        random.nextDouble(0.22, 0.42),
        random.nextDouble(0.45, 0.7),
        random.nextDouble(0.15, 0.5),
        random.nextDouble(0, 0.6),
        random.nextDouble(0.17, 0.3),
        Ears.values()[number % 4],
        Tail.values()[number * 2 % 3],
        random.nextDouble(0, 0.25),
        palette.next());
  }

  @Override
  public List<Part> parts(Pose pose) {
    List<Part> parts = new ArrayList<>();
    double stride = 0.12 * pose.turn();
    double y = 0.8 - legs - belly;
    tail(parts, y, pose.smile());
    leg(parts, -length * 0.75 + stride, y);
    leg(parts, length * 0.55 + stride, y);
    leg(parts, -length * 0.5 - stride, y);
    leg(parts, length * 0.8 - stride, y);
    double headX = length + 0.1;
    double headY = y - neck - 0.1 + 0.05 * pose.smile();
    Path2D throat = new Path2D.Double();
    throat.moveTo(length * 0.4, y);
    throat.lineTo(headX - head * 0.7, headY);
    throat.lineTo(headX + head * 0.5, headY + head * 0.5);
    throat.lineTo(length * 0.95, y + belly * 0.5);
    throat.closePath();
    parts.add(Part.of(Kind.BODY, throat, coat));
    parts.add(Part.patterned(Figure.ellipse(0, y, length, belly), coat, pattern, spots));
    ears(parts, headX, headY);
    parts.add(
        Part.of(
            Kind.BODY,
            Figure.ellipse(headX + head * 0.7, headY + 0.06, snout + 0.06, head * 0.5),
            spots));
    parts.add(Part.of(Kind.BODY, Figure.ellipse(headX, headY, head, head), coat));
    double eye = 0.035 * pose.openness();
    parts.add(
        Part.of(Kind.MARK, Figure.ellipse(headX + head * 0.35, headY - 0.05, 0.035, eye), EYE));
    return List.copyOf(parts);
  }

  private void leg(List<Part> parts, double x, double y) {
    parts.add(
        Part.of(
            Kind.BODY,
            new RoundRectangle2D.Double(x - 0.075, y, 0.15, belly + legs, 0.12, 0.12),
            coat.darker()));
    parts.add(Part.of(Kind.FLAT, Figure.ellipse(x + 0.02, 0.8, 0.1, 0.05), hooves));
  }

  private void ears(List<Part> parts, double x, double y) {
    for (int side = -1; side <= 1; side += 2) {
      double place = x + side * head * 0.55;
      Shape ear =
          switch (ears) {
            case ROUND -> Figure.ellipse(place, y - head * 0.85, 0.1, 0.1);
            case LONG -> Figure.ellipse(place, y - head - 0.17, 0.06, 0.26);
            case POINTED -> triangle(place, y - head * 0.5, 0.12, 0.34);
            case HORNS -> triangle(place + side * 0.08, y - head * 0.6, 0.05, 0.42);
          };
      parts.add(Part.of(Kind.BODY, ear, hooves));
    }
  }

  private static Shape triangle(double x, double base, double halfWidth, double height) {
    Path2D shape = new Path2D.Double();
    shape.moveTo(x - halfWidth, base);
    shape.lineTo(x, base - height);
    shape.lineTo(x + halfWidth, base);
    shape.closePath();
    return shape;
  }

  private void tail(List<Part> parts, double y, double wag) {
    switch (tail) {
      case STUB ->
          parts.add(Part.of(Kind.BODY, Figure.ellipse(-length, y - 0.08, 0.12, 0.1), coat));
      case BUSHY ->
          parts.add(
              Part.of(
                  Kind.HAIR,
                  Figure.ellipse(-length - 0.2, y - 0.2 - 0.08 * wag, 0.3, 0.15),
                  spots));
      case CURVED -> {
        Path2D line = new Path2D.Double();
        line.moveTo(-length * 0.9, y);
        line.curveTo(-length - 0.4, y, -length - 0.1, y - 0.4, -length - 0.3, y - 0.5 - 0.1 * wag);
        parts.add(Part.line(line, coat.darker(), 0.07));
      }
    }
  }
}
