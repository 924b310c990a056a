package dev.likeness.evaluation.sample;

import dev.likeness.evaluation.sample.Identity.Pattern;
import dev.likeness.evaluation.sample.Part.Kind;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A vehicle from the side: what stays the same in every picture of it.
 *
 * @param name name of the class
 * @param build its outline
 * @param paint colour of the body
 * @param stripes colour of the pattern on the body
 * @param pattern pattern on the body
 * @param rims colour of the rims
 * @param length half length, 0.75 to 1
 * @param height of the body, 0.3 to 0.5
 * @param wheels 2 to 4
 * @param wheelSize radius, 0.15 to 0.24
 * @param windows 1 to 5
 * @param load what is on the roof
 * @param loadColor its colour
 */
record Vehicle(
    String name,
    Build build,
    Color paint,
    Color stripes,
    Pattern pattern,
    Color rims,
    double length,
    double height,
    int wheels,
    double wheelSize,
    int windows,
    Load load,
    Color loadColor)
    implements Subject {
  private static final double FLOOR = 0.5;
  private static final Color RUBBER = new Color(0x26262B);
  private static final Color GLASS = new Color(0xBFD9E6);

  enum Build {
    CAR,
    BUS,
    LORRY,
    BEETLE
  }

  enum Load {
    NOTHING,
    LAMP,
    TRUNK,
    BALL
  }

  static Vehicle of(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_037 + number);
    Palette palette = new Palette(random);
    return new Vehicle(
        "vehicle-%03d".formatted(number + 1),
        Build.values()[number % 4],
        palette.next(),
        palette.next(),
        Pattern.values()[(number + number / 4) % 4],
        palette.next(),
        random.nextDouble(0.75, 1),
        random.nextDouble(0.3, 0.5),
        2 + number * 2 % 3,
        random.nextDouble(0.15, 0.24),
        1 + random.nextInt(5),
        Load.values()[random.nextInt(4)],
        palette.next());
  }

  @Override
  public List<Part> parts(Pose pose) {
    List<Part> parts = new ArrayList<>();
    double top = FLOOR - height;
    Rectangle2D cabin = cabin(top);
    onTheRoof(parts, cabin);
    parts.add(Part.of(Kind.BODY, cabinShape(cabin), paint.darker()));
    windows(parts, cabin);
    parts.add(
        Part.patterned(
            new RoundRectangle2D.Double(-length, top, 2 * length, height, 0.2, 0.2),
            paint,
            pattern,
            stripes));
    parts.add(
        Part.of(Kind.FLAT, Figure.ellipse(length - 0.07, top + 0.12, 0.06, 0.07), Color.YELLOW));
    for (int wheel = 0; wheel < wheels; wheel++) {
      double x = (-0.68 + 1.36 * wheel / (wheels - 1)) * length;
      parts.add(Part.of(Kind.BODY, Figure.ellipse(x, FLOOR, wheelSize, wheelSize), RUBBER));
      double rim = wheelSize * (0.5 + 0.04 * pose.smile());
      parts.add(Part.of(Kind.FLAT, Figure.ellipse(x, FLOOR, rim, rim), rims));
    }
    return List.copyOf(parts);
  }

  private Rectangle2D cabin(double top) {
    return switch (build) {
      case CAR -> new Rectangle2D.Double(-length * 0.55, top - 0.33, length * 1.05, 0.4);
      case BEETLE -> new Rectangle2D.Double(-length * 0.7, top - 0.45, length * 1.4, 0.6);
      case BUS -> new Rectangle2D.Double(-length, top - 0.42, length * 2, 0.5);
      case LORRY -> new Rectangle2D.Double(length * 0.3, top - 0.42, length * 0.68, 0.5);
    };
  }

  private Shape cabinShape(Rectangle2D box) {
    double slope = build == Build.CAR ? 0.2 : 0.03;
    if (build == Build.BEETLE) {
      return Figure.ellipse(
          box.getCenterX(), box.getMaxY() - 0.1, box.getWidth() / 2, box.getHeight() - 0.1);
    }
    Path2D shape = new Path2D.Double();
    shape.moveTo(box.getMinX(), box.getMaxY());
    shape.lineTo(box.getMinX() + slope, box.getMinY());
    shape.lineTo(box.getMaxX() - slope, box.getMinY());
    shape.lineTo(box.getMaxX(), box.getMaxY());
    shape.closePath();
    return shape;
  }

  private void windows(List<Part> parts, Rectangle2D box) {
    double margin = build == Build.CAR || build == Build.BEETLE ? 0.2 : 0.06;
    double step = (box.getWidth() - 2 * margin) / windows;
    for (int window = 0; window < windows; window++) {
      parts.add(
          Part.of(
              Kind.FLAT,
              new RoundRectangle2D.Double(
                  box.getMinX() + margin + step * (window + 0.1),
                  box.getMinY() + 0.09,
                  step * 0.8,
                  0.19,
                  0.06,
                  0.06),
              GLASS));
    }
  }

  private void onTheRoof(List<Part> parts, Rectangle2D box) {
    double x = box.getCenterX();
    double y = box.getMinY();
    switch (load) {
      case NOTHING -> {}
      case LAMP -> parts.add(Part.of(Kind.BODY, Figure.ellipse(x, y, 0.12, 0.12), loadColor));
      case TRUNK ->
          parts.add(
              Part.of(
                  Kind.BODY,
                  new RoundRectangle2D.Double(x - 0.28, y - 0.2, 0.56, 0.24, 0.08, 0.08),
                  loadColor));
      case BALL -> {
        parts.add(Part.of(Kind.BODY, Figure.ellipse(x - 0.16, y - 0.12, 0.17, 0.17), loadColor));
        parts.add(Part.of(Kind.BODY, Figure.ellipse(x + 0.18, y - 0.09, 0.13, 0.13), stripes));
      }
    }
  }
}
