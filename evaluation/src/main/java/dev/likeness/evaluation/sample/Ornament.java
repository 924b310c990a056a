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
 * A form that means nothing: closed curves r(φ) = 1 + Σ aₙ cos(nφ + pₙ), some of them repeated
 * around the middle. There is no end of them, and none of their outlines is of another kind.
 *
 * @param name name of the class
 * @param motifs from back to front
 */
record Ornament(String name, List<Motif> motifs) implements Subject {
  private static final int CORNERS = 60;
  private static final int HARMONICS = 5;

  Ornament {
    motifs = List.copyOf(motifs);
  }

  /**
   * One curve.
   *
   * @param amplitudes of the harmonics 2, 3 …
   * @param phases of the same, in radians
   * @param edges 0 is a smooth curve, otherwise the number of its corners
   * @param copies around the middle, 1 to 7
   * @param distance of their centres from the middle
   * @param angle of the first, in radians
   * @param size mean radius
   * @param stretch width by height
   * @param line width of the line, 0 for a surface
   */
  record Motif(
      List<Double> amplitudes,
      List<Double> phases,
      int edges,
      int copies,
      double distance,
      double angle,
      double size,
      double stretch,
      double line,
      Color color,
      Pattern pattern,
      Color patternColor) {
    Motif {
      amplitudes = List.copyOf(amplitudes);
      phases = List.copyOf(phases);
    }
  }

  static Ornament of(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_099 + number);
    Palette palette = new Palette(random);
    int count = 2 + number % 4;
    List<Motif> motifs = new ArrayList<>();
    for (int place = 0; place < count; place++) {
      motifs.add(motif(place, count, palette, random));
    }
    return new Ornament("ornament-%03d".formatted(number + 1), motifs);
  }

  /** The first is large and in the middle, the others get smaller. */
  private static Motif motif(int place, int count, Palette palette, SplittableRandom random) {
    List<Double> amplitudes = new ArrayList<>();
    List<Double> phases = new ArrayList<>();
    for (int harmonic = 0; harmonic < HARMONICS; harmonic++) {
      amplitudes.add(random.nextDouble(0, 0.45) / (1 + harmonic * 0.6));
      phases.add(random.nextDouble(0, 2 * Math.PI));
    }
    boolean repeated = place > 0 && random.nextInt(3) > 0;
    return new Motif(
        amplitudes,
        phases,
        random.nextInt(3) == 0 ? random.nextInt(3, 8) : 0,
        repeated ? random.nextInt(2, 8) : 1,
        place == 0 ? random.nextDouble(0, 0.2) : random.nextDouble(0.1, 0.75),
        random.nextDouble(0, 2 * Math.PI),
        place == 0
            ? random.nextDouble(0.45, 0.75)
            : random.nextDouble(0.12, 0.4) * (1 - 0.4 * place / count),
        random.nextDouble(0.5, 1.6),
        place > 0 && random.nextInt(4) == 0 ? random.nextDouble(0.03, 0.09) : 0,
        palette.next(),
        Pattern.values()[random.nextInt(4)],
        palette.next());
  }

  @Override
  public List<Part> parts(Pose pose) {
    List<Part> parts = new ArrayList<>();
    for (int place = 0; place < motifs.size(); place++) {
      Motif motif = motifs.get(place);
      Shape curve = curve(motif, 1 + 0.12 * pose.smile());
      // What is in front moves more when the whole turns.
      double shift = 0.05 * place * pose.turn();
      for (int copy = 0; copy < motif.copies; copy++) {
        AffineTransform to = AffineTransform.getTranslateInstance(shift, 0.1);
        to.rotate(motif.angle + 2 * Math.PI * copy / motif.copies);
        to.translate(0, -motif.distance);
        to.scale(motif.size * motif.stretch, motif.size);
        parts.add(part(motif, to.createTransformedShape(curve)));
      }
    }
    return List.copyOf(parts);
  }

  private static Part part(Motif motif, Shape shape) {
    return motif.line > 0
        ? Part.line(shape, motif.color, motif.line)
        : new Part(shape, motif.color, Kind.BODY, 0, motif.pattern, motif.patternColor);
  }

  private static Shape curve(Motif motif, double strength) {
    int corners = motif.edges == 0 ? CORNERS : motif.edges;
    Path2D path = new Path2D.Double();
    for (int corner = 0; corner < corners; corner++) {
      double angle = 2 * Math.PI * corner / corners;
      double radius = 1;
      for (int i = 0; i < HARMONICS; i++) {
        radius +=
            strength * motif.amplitudes.get(i) * Math.cos((i + 2) * angle + motif.phases.get(i));
      }
      double x = Math.max(0.1, radius) * Math.cos(angle);
      double y = Math.max(0.1, radius) * Math.sin(angle);
      if (corner == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }
}
