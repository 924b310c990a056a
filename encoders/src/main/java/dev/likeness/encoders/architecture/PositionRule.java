package dev.likeness.encoders.architecture;

/**
 * How the position embeddings of a grid of patches are resampled to another grid. Both rules are
 * bicubic with a = −0.75, without antialiasing, edges repeated; output cell o reads the source at
 * (o + 0.5) · step − 0.5.
 */
public enum PositionRule {
  /** Hugging Face: to a size, step = from / to. */
  TO_SIZE {
    @Override
    double step(int from, int to) {
      return (double) from / to;
    }
  },
  /** The original DINOv2: by a factor of (to + 0.1) / from, used as it is. */
  BY_FACTOR {
    @Override
    double step(int from, int to) {
      return from / (to + 0.1);
    }
  };

  private static final double A = -0.75;

  abstract double step(int from, int to);

  /** The resampling of one axis as a matrix, row-major [to][from]. */
  float[] matrix(int from, int to) {
    float[] matrix = new float[to * from];
    double step = step(from, to);
    for (int row = 0; row < to; row++) {
      double source = (row + 0.5) * step - 0.5;
      int left = (int) Math.floor(source);
      for (int tap = left - 1; tap <= left + 2; tap++) {
        int column = Math.clamp(tap, 0, from - 1);
        matrix[row * from + column] += (float) cubic(Math.abs(source - tap));
      }
    }
    return matrix;
  }

  /** R. Keys, 1981, "Cubic convolution interpolation", for a distance of at most 2. */
  private static double cubic(double x) {
    return x <= 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  }
}
