package dev.likeness.evaluation.sample;

import dev.likeness.evaluation.sample.Identity.Pattern;
import dev.likeness.evaluation.sample.Part.Kind;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A plant in a pot: what stays the same in every picture of it.
 *
 * @param name name of the class
 * @param growth how it grows
 * @param leaf colour of the leaves
 * @param blossom colour of the blossoms
 * @param heart colour of their middle
 * @param leaves number of leaves, 4 to 11
 * @param leafLength 0.3 to 0.6
 * @param leafWidth half width, 0.05 to 0.16
 * @param petals of a blossom, 4 to 9
 * @param pot colour of the pot
 * @param glaze colour of the pattern on it
 * @param pattern pattern on the pot
 * @param potWidth half width of its rim, 0.28 to 0.5
 */
record Plant(
    String name,
    Growth growth,
    Color leaf,
    Color blossom,
    Color heart,
    int leaves,
    double leafLength,
    double leafWidth,
    int petals,
    Color pot,
    Color glaze,
    Pattern pattern,
    double potWidth)
    implements Subject {
  private static final double RIM = 0.45;

  enum Growth {
    FLOWER,
    CACTUS,
    FERN,
    TREE
  }

  private static final int[] LEAVES = {0x4F8A3C, 0x2F6B4F, 0x8AA63A, 0x3C7A6B, 0xA3B86C, 0x6A8F5B};

  static Plant of(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_081 + number);
    Palette palette = new Palette(random);
    return new Plant(
        "plant-%03d".formatted(number + 1),
        Growth.values()[number % 4],
        new Color(LEAVES[(number + number / 4) % LEAVES.length]),
        palette.next(),
        palette.next(),
        4 + random.nextInt(8),
        random.nextDouble(0.3, 0.6),
        random.nextDouble(0.05, 0.16),
        4 + random.nextInt(6),
        palette.next(),
        palette.next(),
        Pattern.values()[(number + number / 4) % 4],
        random.nextDouble(0.28, 0.5));
  }

  @Override
  public List<Part> parts(Pose pose) {
    List<Part> parts = new ArrayList<>();
    double bend = 0.12 * pose.turn();
    switch (growth) {
      case FLOWER -> flower(parts, bend);
      case CACTUS -> cactus(parts, bend);
      case FERN -> rosette(parts, 0, RIM, Math.PI * 0.9, bend);
      case TREE -> {
        stem(parts, 0.1, -0.45, bend);
        rosette(parts, bend, -0.3, Math.PI * 1.8, bend);
        parts.add(Part.of(Kind.BODY, Figure.ellipse(bend - 0.2, -0.3, 0.12, 0.12), blossom));
        parts.add(Part.of(Kind.BODY, Figure.ellipse(bend + 0.22, -0.42, 0.12, 0.12), blossom));
      }
    }
    Path2D shape = new Path2D.Double();
    shape.moveTo(-potWidth, RIM);
    shape.lineTo(potWidth, RIM);
    shape.lineTo(potWidth * 0.7, 1.05);
    shape.lineTo(-potWidth * 0.7, 1.05);
    shape.closePath();
    parts.add(Part.patterned(shape, pot, pattern, glaze));
    return List.copyOf(parts);
  }

  private void stem(List<Part> parts, double width, double top, double bend) {
    Path2D line = new Path2D.Double();
    line.moveTo(0, RIM + 0.1);
    line.quadTo(bend * 0.2, (RIM + top) / 2, bend, top);
    parts.add(Part.line(line, leaf.darker(), width));
  }

  private void flower(List<Part> parts, double bend) {
    stem(parts, 0.06, -0.45, bend);
    rosette(parts, 0, RIM - 0.1, Math.PI * 0.8, bend);
    double y = -0.5;
    for (int petal = 0; petal < petals; petal++) {
      Shape shape =
          AffineTransform.getRotateInstance(2 * Math.PI * petal / petals, bend, y)
              .createTransformedShape(Figure.ellipse(bend, y - 0.27, 0.8 / petals + 0.02, 0.2));
      parts.add(Part.of(Kind.BODY, shape, blossom));
    }
    parts.add(Part.of(Kind.BODY, Figure.ellipse(bend, y, 0.15, 0.15), heart));
  }

  private void cactus(List<Part> parts, double bend) {
    int arms = leaves % 4;
    for (int arm = 0; arm < arms; arm++) {
      int side = arm % 2 == 0 ? -1 : 1;
      double y = -0.25 + 0.2 * arm;
      Path2D line = new Path2D.Double();
      line.moveTo(0, y + 0.2);
      line.quadTo(
          side * (0.3 + leafLength * 0.4), y + 0.2, side * (0.3 + leafLength * 0.3), y - 0.15);
      parts.add(Part.line(line, leaf.darker(), 0.14));
    }
    parts.add(
        Part.patterned(
            Figure.ellipse(bend * 0.3, -0.05, 0.16 + leafWidth, 0.62),
            leaf,
            pattern,
            leaf.darker()));
    parts.add(Part.of(Kind.BODY, Figure.ellipse(bend * 0.3, -0.66, 0.12, 0.1), blossom));
  }

  /** Leaves around a point, over an arc that points upwards. */
  private void rosette(List<Part> parts, double x, double y, double arc, double bend) {
    for (int number = 0; number < leaves; number++) {
      double angle = -arc / 2 + arc * (number + 0.5) / leaves + bend;
      Shape shape =
          AffineTransform.getRotateInstance(angle, x, y)
              .createTransformedShape(
                  Figure.ellipse(x, y - leafLength * 0.85, leafWidth, leafLength));
      parts.add(Part.of(Kind.BODY, shape, number % 2 == 0 ? leaf : leaf.darker()));
    }
  }
}
