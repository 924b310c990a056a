package dev.likeness.index.vector;

/** The loops that {@link VectorScaling} describes; eight sums do not wait for one another. */
final class PlainScaling implements VectorScaling {

  @Override
  public double squares(float[] values) {
    double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    int i = 0;
    for (; i <= values.length - 8; i += 8) {
      a += square(values[i]);
      b += square(values[i + 1]);
      c += square(values[i + 2]);
      d += square(values[i + 3]);
      e += square(values[i + 4]);
      f += square(values[i + 5]);
      g += square(values[i + 6]);
      h += square(values[i + 7]);
    }
    for (; i < values.length; i++) {
      a += square(values[i]);
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }

  private static double square(double value) {
    return value * value;
  }

  @Override
  public void scale(float[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factor);
    }
  }
}
