package dev.likeness.evaluation.sample;

import java.awt.geom.AffineTransform;
import java.util.SplittableRandom;

/**
 * What differs from picture to picture of one identity.
 *
 * @param rotation of the figure, in radians
 * @param scale 1 fills the picture
 * @param shiftX to the right, in figure units
 * @param shiftY downwards, in figure units
 * @param turn of the head, -1 looks left, 1 looks right
 * @param smile of the mouth, -1 sad to 1 glad
 * @param openness of the eyes, 0.4 to 1
 * @param mirrored whether left and right are exchanged
 */
record Pose(
    double rotation,
    double scale,
    double shiftX,
    double shiftY,
    double turn,
    double smile,
    double openness,
    boolean mirrored) {

  static Pose random(SplittableRandom random) {
    return new Pose(
        random.nextDouble(-0.28, 0.28),
        random.nextDouble(0.78, 1.18),
        random.nextDouble(-0.22, 0.22),
        random.nextDouble(-0.12, 0.12),
        random.nextDouble(-1, 1),
        random.nextDouble(-0.5, 1),
        random.nextDouble(0.55, 1),
        random.nextBoolean());
  }

  /** From figure units to pixels of a square picture. */
  AffineTransform toPixels(int pixels) {
    AffineTransform transform = new AffineTransform();
    transform.translate(pixels / 2.0, pixels * 0.47);
    double unit = pixels * 0.48 * scale;
    transform.scale(mirrored ? -unit : unit, unit);
    transform.translate(shiftX, shiftY);
    transform.rotate(rotation, 0, 0.9);
    return transform;
  }
}
