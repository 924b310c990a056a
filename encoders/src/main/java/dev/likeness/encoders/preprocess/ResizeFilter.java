package dev.likeness.encoders.preprocess;

/**
 * An interpolation kernel, stretched by the down-scale factor so that it averages (antialiasing).
 */
public enum ResizeFilter {
  /** The triangle, 1 - |x|. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  },
  /** Keys' cubic with a = -0.5 (R. Keys, 1981, "Cubic convolution interpolation"). */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double distance = Math.abs(x);
      if (distance < 1) {
        return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
      }
      if (distance < 2) {
        return (((distance - 5) * distance + 8) * distance - 4) * A;
      }
      return 0;
    }
  };

  private static final double A = -0.5;

  private final double radius;

  ResizeFilter(double radius) {
    this.radius = radius;
  }

  /** Half the kernel's width, in source pixels when nothing is scaled down. */
  double radius() {
    return radius;
  }

  abstract double weight(double x);
}
