package dev.likeness.evaluation.sample;

import dev.likeness.evaluation.sample.Part.Kind;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Head and shoulders of an identity in a pose, as parts from back to front. */
final class Figure {
  private static final Color WHITE = new Color(0xFCFBF7);
  private static final Color PUPIL = new Color(0x1A1618);

  private final Identity identity;
  private final Pose pose;
  private final double width;
  private final double look;
  private final List<Part> parts = new ArrayList<>();

  private Figure(Identity identity, Pose pose) {
    this.identity = identity;
    this.pose = pose;
    this.width = identity.headWidth();
    this.look = pose.turn() * 0.09;
  }

  static List<Part> of(Identity identity, Pose pose) {
    Figure figure = new Figure(identity, pose);
    Hair hair = new Hair(identity);
    figure.parts.addAll(hair.behind());
    figure.body();
    figure.head();
    figure.beard();
    figure.eye(-1);
    figure.eye(1);
    figure.noseAndMouth();
    figure.parts.addAll(hair.front());
    figure.glasses();
    return List.copyOf(figure.parts);
  }

  private void body() {
    double neck = width * 0.5;
    parts.add(
        Part.of(
            Kind.BODY,
            new RoundRectangle2D.Double(-neck, 0.35, 2 * neck, 0.75, 0.2, 0.2),
            identity.skin().darker()));
    Path2D shoulders = new Path2D.Double();
    shoulders.moveTo(-1.05, 2.2);
    shoulders.curveTo(-1.05, 1.05, -0.75, 0.95, -neck, 0.82);
    shoulders.curveTo(-neck * 0.6, 1.08, neck * 0.6, 1.08, neck, 0.82);
    shoulders.curveTo(0.75, 0.95, 1.05, 1.05, 1.05, 2.2);
    shoulders.closePath();
    parts.add(Part.patterned(shoulders, identity.cloth(), identity.pattern(), identity.accent()));
  }

  private void head() {
    for (int side = -1; side <= 1; side += 2) {
      parts.add(
          Part.of(
              Kind.BODY,
              ellipse(side * width * 1.02 - look * 0.5, 0.05, 0.085, 0.13),
              identity.skin()));
    }
    Path2D head = new Path2D.Double();
    double jaw = width * identity.jaw();
    head.moveTo(-width, -0.08);
    head.curveTo(-width, -0.78, width, -0.78, width, -0.08);
    head.curveTo(width, 0.36, jaw, 0.66, 0, 0.66);
    head.curveTo(-jaw, 0.66, -width, 0.36, -width, -0.08);
    head.closePath();
    parts.add(Part.of(Kind.BODY, head, identity.skin()));
    Color blush = new Color(0xE0, 0x60, 0x50, 46);
    for (int side = -1; side <= 1; side += 2) {
      double x = side * width * 0.58 + look;
      parts.add(Part.of(Kind.MARK, ellipse(x, 0.2, 0.11, 0.07), blush));
      if (identity.freckles()) {
        freckles(x);
      }
    }
  }

  private void freckles(double x) {
    Color color = identity.skin().darker().darker();
    double[][] places = {{-0.07, 0.14}, {0, 0.12}, {0.06, 0.15}, {-0.035, 0.18}, {0.03, 0.19}};
    for (double[] place : places) {
      parts.add(Part.of(Kind.MARK, ellipse(x + place[0], place[1], 0.013, 0.013), color));
    }
  }

  private void eye(int side) {
    double x = side * identity.eyeDistance() + look;
    double y = -0.03;
    double size = identity.eyeSize();
    double height = size * identity.eyeRoundness() * pose.openness();
    Shape white = ellipse(x, y, size, height);
    parts.add(Part.of(Kind.FLAT, white, WHITE));
    Area iris = new Area(ellipse(x + look * 0.35, y, size * 0.6, size * 0.6));
    iris.intersect(new Area(white));
    parts.add(Part.of(Kind.MARK, iris, identity.eyes()));
    Area pupil = new Area(ellipse(x + look * 0.35, y, size * 0.3, size * 0.3));
    pupil.intersect(new Area(white));
    parts.add(Part.of(Kind.MARK, pupil, PUPIL));
    parts.add(Part.of(Kind.MARK, ellipse(x + look * 0.35 - 0.02, y - 0.022, 0.016, 0.016), WHITE));
    Path2D brow = new Path2D.Double();
    double top = y - size * identity.eyeRoundness() - 0.09;
    double tilt = identity.browTilt() * side;
    brow.moveTo(x - size * 1.1, top - tilt);
    brow.quadTo(x, top - 0.045, x + size * 1.1, top + tilt);
    Color color =
        identity.hairStyle() == Identity.HairStyle.BALD
            ? identity.hair().darker()
            : identity.hair();
    parts.add(Part.line(brow, color, 0.05));
  }

  private void noseAndMouth() {
    Path2D nose = new Path2D.Double();
    double x = look * 1.35;
    nose.moveTo(x, 0.03);
    nose.quadTo(x + 0.09 + look * 0.3, 0.05 + identity.nose(), x - 0.03, 0.07 + identity.nose());
    parts.add(Part.line(nose, identity.skin().darker().darker(), 0.024));
    double wide = identity.mouthWidth();
    double y = 0.4;
    double bend = 0.11 * pose.smile();
    Path2D mouth = new Path2D.Double();
    mouth.moveTo(look - wide, y - bend * 0.4);
    mouth.quadTo(look, y + bend * 1.6, look + wide, y - bend * 0.4);
    if (pose.smile() > 0.55) {
      mouth.quadTo(look, y + bend * 0.2, look - wide, y - bend * 0.4);
      parts.add(Part.of(Kind.FLAT, mouth, new Color(0x9C2F3A)));
    } else {
      parts.add(Part.line(mouth, new Color(0x9C3B3F), 0.034));
    }
  }

  private void beard() {
    switch (identity.beard()) {
      case NONE -> {}
      case MOUSTACHE -> {
        Path2D moustache = new Path2D.Double();
        moustache.moveTo(look - 0.2, 0.36);
        moustache.quadTo(look - 0.1, 0.24, look, 0.29);
        moustache.quadTo(look + 0.1, 0.24, look + 0.2, 0.36);
        moustache.quadTo(look, 0.33, look - 0.2, 0.36);
        parts.add(Part.of(Kind.HAIR, moustache, identity.hair()));
      }
      case GOATEE ->
          parts.add(Part.of(Kind.HAIR, ellipse(look * 0.6, 0.58, 0.13, 0.14), identity.hair()));
      case FULL -> {
        Area beard = new Area(ellipse(0, 0.3, width * 1.02, 0.46));
        beard.subtract(new Area(ellipse(look * 0.5, 0.08, width * 0.86, 0.24)));
        beard.subtract(new Area(new Rectangle2D.Double(-1, -1, 2, 1.08)));
        beard.subtract(new Area(ellipse(look, 0.41, identity.mouthWidth() * 1.1, 0.07)));
        parts.add(Part.of(Kind.HAIR, beard, identity.hair()));
      }
    }
  }

  private void glasses() {
    if (identity.glasses() == Identity.Glasses.NONE) {
      return;
    }
    double radius = identity.eyeSize() + 0.055;
    Color frame = identity.accent().darker();
    for (int side = -1; side <= 1; side += 2) {
      double x = side * identity.eyeDistance() + look;
      Shape lens =
          identity.glasses() == Identity.Glasses.ROUND
              ? ellipse(x, -0.03, radius, radius)
              : new RoundRectangle2D.Double(
                  x - radius, -0.03 - radius * 0.8, 2 * radius, 1.6 * radius, 0.06, 0.06);
      parts.add(Part.line(lens, frame, 0.035));
    }
    Path2D bridge = new Path2D.Double();
    bridge.moveTo(look - identity.eyeDistance() + radius, -0.05);
    bridge.quadTo(look, -0.1, look + identity.eyeDistance() - radius, -0.05);
    parts.add(Part.line(bridge, frame, 0.03));
  }

  static Shape ellipse(double x, double y, double radiusX, double radiusY) {
    return new Ellipse2D.Double(x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY);
  }
}
