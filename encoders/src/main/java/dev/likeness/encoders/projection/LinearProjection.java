package dev.likeness.encoders.projection;

/** y = (x - mean) · W, applied to vectors of length 1. */
public final class LinearProjection {

  private final float[] mean;
  private final float[][] matrix;

  /**
   * @param mean [inputDimension]
   * @param matrix [inputDimension][outputDimension]
   */
  public LinearProjection(float[] mean, float[][] matrix) {
    if (mean.length == 0 || matrix.length != mean.length || matrix[0].length == 0) {
      throw new IllegalArgumentException(
          "the matrix needs a row for each of the %d means, got %d"
              .formatted(mean.length, matrix.length));
    }
    this.mean = mean.clone();
    this.matrix = new float[matrix.length][];
    for (int row = 0; row < matrix.length; row++) {
      this.matrix[row] = matrix[row].clone();
    }
  }

  public int inputDimension() {
    return mean.length;
  }

  public int outputDimension() {
    return matrix[0].length;
  }

  public float mean(int input) {
    return mean[input];
  }

  public float weight(int input, int output) {
    return matrix[input][output];
  }

  /** Projects one vector; the result is not normalised. */
  public float[] apply(float[] vector) {
    float[] projected = new float[outputDimension()];
    for (int output = 0; output < projected.length; output++) {
      double sum = 0;
      for (int input = 0; input < mean.length; input++) {
        sum += ((double) vector[input] - mean[input]) * matrix[input][output];
      }
      projected[output] = (float) sum;
    }
    return projected;
  }
}
