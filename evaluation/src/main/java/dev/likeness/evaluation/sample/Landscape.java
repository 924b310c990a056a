package dev.likeness.evaluation.sample;

import dev.likeness.evaluation.sample.Identity.Pattern;
import dev.likeness.evaluation.sample.Part.Kind;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A view over land: what stays the same in every picture of it.
 *
 * @param name name of the class
 * @param sky its colour
 * @param sunColor colour of sun or moon
 * @param sunX its place, -0.7 to 0.7
 * @param sunSize its radius, 0.1 to 0.26
 * @param ridges from the farthest to the nearest
 * @param water height of its upper edge, 0.35 to 0.9; there is none above 0.7
 * @param waterColor its colour
 * @param trees places of the trees, -0.9 to 0.9
 * @param treeColor their colour
 * @param pointed whether they are firs
 */
record Landscape(
    String name,
    Color sky,
    Color sunColor,
    double sunX,
    double sunSize,
    List<Ridge> ridges,
    double water,
    Color waterColor,
    List<Double> trees,
    Color treeColor,
    boolean pointed)
    implements Subject {
  private static final Rectangle2D VIEW = new Rectangle2D.Double(-1, -0.9, 2, 1.95);
  private static final double WATER_WITHIN = 0.7;
  private static final Color TRUNK = new Color(0x4A3428);

  Landscape {
    ridges = List.copyOf(ridges);
    trees = List.copyOf(trees);
  }

  /**
   * Hills behind one another.
   *
   * @param heights of its outline from left to right
   * @param rugged whether the outline has corners
   */
  record Ridge(List<Double> heights, boolean rugged, Color color, Pattern pattern, Color second) {
    Ridge {
      heights = List.copyOf(heights);
    }
  }

  static Landscape of(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_117 + number);
    Palette palette = new Palette(random);
    int count = 1 + number % 3;
    List<Ridge> ridges = new ArrayList<>();
    for (int place = 0; place < count; place++) {
      List<Double> heights = new ArrayList<>();
      double base = -0.35 + 0.75 * place / count;
      for (int i = random.nextInt(4, 9); i > 0; i--) {
        heights.add(base + random.nextDouble(-0.3, 0.3));
      }
      Pattern pattern = Pattern.values()[random.nextInt(4)];
      ridges.add(new Ridge(heights, random.nextBoolean(), palette.next(), pattern, palette.next()));
    }
    List<Double> trees = new ArrayList<>();
    for (int tree = number % 5; tree > 0; tree--) {
      trees.add(random.nextDouble(-0.9, 0.9));
    }
    return new Landscape(
        "landscape-%03d".formatted(number + 1),
        palette.next(),
        palette.next(),
        random.nextDouble(-0.7, 0.7),
        random.nextDouble(0.1, 0.26),
        ridges,
        random.nextDouble(0.35, 0.9),
        palette.next(),
        trees,
        palette.next(),
        random.nextBoolean());
  }

  @Override
  public List<Part> parts(Pose pose) {
    List<Part> parts = new ArrayList<>();
    parts.add(Part.of(Kind.BODY, VIEW, sky));
    double sunY = -0.55 + 0.12 * pose.smile();
    add(parts, Part.of(Kind.FLAT, Figure.ellipse(sunX, sunY, sunSize, sunSize), sunColor));
    for (int place = 0; place < ridges.size(); place++) {
      Ridge ridge = ridges.get(place);
      Shape outline = outline(ridge, 0.06 * (place + 1) * pose.turn());
      add(parts, Part.patterned(outline, ridge.color, ridge.pattern, ridge.second));
    }
    if (water < WATER_WITHIN) {
      double height = VIEW.getMaxY() - water;
      add(parts, Part.of(Kind.BODY, new Rectangle2D.Double(-1, water, 2, height), waterColor));
    }
    for (double x : trees) {
      tree(parts, x + 0.14 * pose.turn());
    }
    return List.copyOf(parts);
  }

  private void tree(List<Part> parts, double x) {
    add(parts, Part.of(Kind.FLAT, new Rectangle2D.Double(x - 0.035, 0.55, 0.07, 0.4), TRUNK));
    Path2D fir = new Path2D.Double();
    fir.moveTo(x - 0.2, 0.65);
    fir.lineTo(x, -0.05);
    fir.lineTo(x + 0.2, 0.65);
    fir.closePath();
    Shape crown = pointed ? fir : Figure.ellipse(x, 0.38, 0.22, 0.27);
    add(parts, Part.of(Kind.BODY, crown, treeColor));
  }

  /** The piece of a part that is within the view. */
  private static void add(List<Part> parts, Part part) {
    Area inside = new Area(part.shape());
    inside.intersect(new Area(VIEW));
    if (!inside.isEmpty()) {
      parts.add(
          new Part(
              inside,
              part.color(),
              part.kind(),
              part.width(),
              part.pattern(),
              part.patternColor()));
    }
  }

  private static Shape outline(Ridge ridge, double shift) {
    Path2D path = new Path2D.Double();
    int last = ridge.heights.size() - 1;
    double step = 2.6 / last;
    path.moveTo(-1.3 + shift, VIEW.getMaxY());
    path.lineTo(-1.3 + shift, ridge.heights.getFirst());
    for (int i = 1; i <= last; i++) {
      double x = -1.3 + step * i + shift;
      double y = ridge.heights.get(i);
      if (ridge.rugged) {
        path.lineTo(x, y);
      } else {
        double before = ridge.heights.get(i - 1);
        path.curveTo(x - step / 2, before, x - step / 2, y, x, y);
      }
    }
    path.lineTo(1.3 + shift, VIEW.getMaxY());
    path.closePath();
    return path;
  }
}
