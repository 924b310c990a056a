package dev.likeness.encoders.runtime;

/** L2 normalisation: the sum in double, so that it does not depend on the order of blocks. */
public final class UnitLength {

  private UnitLength() {}

  /** Divides a vector by its length in place; zeros stay zeros. */
  public static void scale(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    if (squares > 0) {
      double length = Math.sqrt(squares);
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (vector[i] / length);
      }
    }
  }
}
