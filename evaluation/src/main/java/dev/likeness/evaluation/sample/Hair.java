package dev.likeness.evaluation.sample;

import static dev.likeness.evaluation.sample.Figure.ellipse;

import dev.likeness.evaluation.sample.Part.Kind;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/** Hair and hats: what lies behind the head, and what lies on it. */
final class Hair {
  private final Identity identity;
  private final double width;

  Hair(Identity identity) {
    this.identity = identity;
    this.width = identity.headWidth();
  }

  List<Part> behind() {
    return switch (identity.hairStyle()) {
      case LONG ->
          hair(new RoundRectangle2D.Double(-width * 1.32, -0.72, width * 2.64, 1.95, 0.9, 0.9));
      case BOB ->
          hair(new RoundRectangle2D.Double(-width * 1.26, -0.72, width * 2.52, 1.24, 0.7, 0.6));
      case CURLS -> hair(curls());
      case BUN -> hair(ellipse(0, -0.78, 0.24, 0.22));
      case PONYTAILS -> {
        Area tails = new Area(ellipse(-width * 1.42, 0.1, 0.2, 0.42));
        tails.add(new Area(ellipse(width * 1.42, 0.1, 0.2, 0.42)));
        yield hair(tails);
      }
      case SPIKES, CROP, BEANIE, MOHAWK, BALD -> List.of();
    };
  }

  List<Part> front() {
    return switch (identity.hairStyle()) {
      case LONG -> hair(cap(0.16, 0.42));
      case BOB -> hair(cap(0, 0.34));
      case CURLS -> hair(cap(0, 0.46));
      case BUN, PONYTAILS -> hair(cap(-0.1, 0.45));
      case CROP -> hair(cap(0.08, 0.5));
      case SPIKES -> hair(spikes());
      case MOHAWK -> hair(mohawk());
      case BEANIE -> beanie();
      case BALD -> List.of();
    };
  }

  private List<Part> hair(Shape shape) {
    return List.of(Part.of(Kind.HAIR, shape, identity.hair()));
  }

  /**
   * @param parting where the parting is, to the right
   * @param forehead how high the forehead is
   */
  private Shape cap(double parting, double forehead) {
    Area cap = new Area(ellipse(0, -0.12, width * 1.1, 0.6));
    cap.subtract(new Area(ellipse(parting, 0.17, width * 0.98, forehead)));
    cap.subtract(new Area(new Rectangle2D.Double(-1, 0.02, 2, 1)));
    return cap;
  }

  private Shape curls() {
    Area curls = new Area();
    for (int i = 0; i <= 12; i++) {
      double angle = Math.PI * (0.92 + 1.16 * i / 12);
      curls.add(
          new Area(
              ellipse(Math.cos(angle) * width * 1.12, -0.12 + Math.sin(angle) * 0.55, 0.2, 0.2)));
    }
    return curls;
  }

  private Shape spikes() {
    Path2D spikes = new Path2D.Double();
    int count = 7;
    spikes.moveTo(-width * 1.06, -0.12);
    for (int i = 0; i < count; i++) {
      double angle = Math.PI * (1 + (i + 0.5) / count);
      double next = Math.PI * (1 + (i + 1.0) / count);
      spikes.lineTo(Math.cos(angle) * width * 1.45, -0.12 + Math.sin(angle) * 0.85);
      spikes.lineTo(Math.cos(next) * width * 1.06, -0.12 + Math.sin(next) * 0.5);
    }
    spikes.quadTo(0, -0.5, -width * 1.06, -0.12);
    spikes.closePath();
    return spikes;
  }

  private Shape mohawk() {
    Path2D mohawk = new Path2D.Double();
    mohawk.moveTo(-0.13, -0.34);
    mohawk.curveTo(-0.34, -0.95, -0.1, -1.05, 0.05, -1.02);
    mohawk.curveTo(0.3, -0.98, 0.24, -0.6, 0.13, -0.34);
    mohawk.quadTo(0, -0.44, -0.13, -0.34);
    mohawk.closePath();
    return mohawk;
  }

  private List<Part> beanie() {
    Area dome = new Area(ellipse(0, -0.3, width * 1.14, 0.56));
    dome.subtract(new Area(new Rectangle2D.Double(-1, -0.3, 2, 1)));
    return List.of(
        Part.of(Kind.BODY, ellipse(0, -0.88, 0.11, 0.11), identity.cloth()),
        Part.of(Kind.BODY, dome, identity.accent()),
        Part.of(
            Kind.BODY,
            new RoundRectangle2D.Double(-width * 1.18, -0.4, width * 2.36, 0.19, 0.14, 0.14),
            identity.cloth()));
  }
}
