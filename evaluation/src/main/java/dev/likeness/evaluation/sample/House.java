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
 * A house: what stays the same in every picture of it.
 *
 * @param name name of the class
 * @param wall colour of the walls
 * @param beams colour of the pattern on the walls
 * @param pattern pattern on the walls
 * @param roof shape of the roof
 * @param tiles colour of the roof
 * @param trim colour of door and frames
 * @param halfWidth 0.4 to 0.85
 * @param floors rows of windows, 1 to 3
 * @param columns windows of a row, 1 to 4
 * @param roundWindows round instead of square
 * @param doorPlace -1 left to 1 right
 * @param chimney whether there is one
 */
record House(
    String name,
    Color wall,
    Color beams,
    Pattern pattern,
    Roof roof,
    Color tiles,
    Color trim,
    double halfWidth,
    int floors,
    int columns,
    boolean roundWindows,
    double doorPlace,
    boolean chimney)
    implements Subject {
  private static final double GROUND = 0.95;
  private static final Color GLASS = new Color(0x9FC4D8);

  enum Roof {
    GABLE,
    HIP,
    FLAT,
    DOME,
    STEEP
  }

  static House of(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_033 + number);
    Palette palette = new Palette(random);
    return new House(
        "house-%03d".formatted(number + 1),
        palette.next(),
        palette.next(),
        Pattern.values()[(number + number / 5) % 4],
        Roof.values()[number % 5],
        palette.next(),
        palette.next(),
        random.nextDouble(0.4, 0.85),
        1 + number * 2 % 3,
        1 + random.nextInt(4),
        random.nextInt(3) == 0,
        random.nextDouble(-1, 1),
        random.nextBoolean());
  }

  @Override
  public List<Part> parts(Pose pose) {
    List<Part> parts = new ArrayList<>();
    double top = GROUND - 0.42 * floors - 0.2;
    double lean = 0.08 * pose.turn();
    if (chimney) {
      parts.add(
          Part.of(
              Kind.BODY,
              new Rectangle2D.Double(halfWidth * 0.45 + lean, top - 0.5, 0.16, 0.5),
              tiles.darker()));
    }
    parts.add(
        Part.patterned(
            new Rectangle2D.Double(-halfWidth, top, 2 * halfWidth, GROUND - top),
            wall,
            pattern,
            beams));
    parts.add(Part.of(Kind.BODY, roofShape(top, lean), tiles));
    windows(parts, top, lean);
    double x = doorPlace * (halfWidth - 0.18);
    parts.add(
        Part.of(Kind.FLAT, new RoundRectangle2D.Double(x - 0.11, 0.6, 0.22, 0.35, 0.1, 0.1), trim));
    return List.copyOf(parts);
  }

  private Shape roofShape(double top, double lean) {
    double eaves = halfWidth + 0.12;
    Path2D shape = new Path2D.Double();
    shape.moveTo(-eaves, top + 0.04);
    switch (roof) {
      case GABLE -> shape.lineTo(lean, top - 0.48);
      case STEEP -> shape.lineTo(lean * 2, top - 0.85);
      case HIP -> {
        shape.lineTo(-halfWidth * 0.5 + lean, top - 0.36);
        shape.lineTo(halfWidth * 0.5 + lean, top - 0.36);
      }
      case FLAT -> {
        shape.lineTo(-eaves, top - 0.1);
        shape.lineTo(eaves, top - 0.1);
      }
      case DOME -> shape.curveTo(-eaves, top - 0.75, eaves, top - 0.75, eaves, top + 0.04);
    }
    shape.lineTo(eaves, top + 0.04);
    shape.closePath();
    return shape;
  }

  private void windows(List<Part> parts, double top, double lean) {
    double step = 2 * halfWidth / columns;
    double size = Math.min(0.13, step * 0.32);
    for (int floor = 0; floor < floors; floor++) {
      for (int column = 0; column < columns; column++) {
        double x = -halfWidth + step * (column + 0.5) + lean * 0.3;
        double y = top + 0.26 + 0.42 * floor;
        Shape pane =
            roundWindows
                ? Figure.ellipse(x, y, size, size)
                : new Rectangle2D.Double(x - size, y - size, 2 * size, 2 * size);
        parts.add(Part.of(Kind.FLAT, pane, GLASS));
        parts.add(Part.line(pane, trim, 0.03));
      }
    }
  }
}
