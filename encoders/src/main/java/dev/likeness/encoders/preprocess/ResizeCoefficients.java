package dev.likeness.encoders.preprocess;

/**
 * The integer weights of a one-dimensional resize, for a range of its outputs.
 *
 * <p>For output o: scale = in/out, support = radius × max(scale, 1), centre = (o + 0.5) × scale;
 * the inputs from trunc(centre - support + 0.5) to trunc(centre + support + 0.5) count, each with
 * the kernel's value, normalised to sum 1 and scaled to 22 bits.
 */
final class ResizeCoefficients {

  /** 8 bits of pixel and 2 bits of overshoot leave 22 of a 32-bit sum. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  private final int[] firstInputs;
  private final int[] counts;
  private final int[] weights;
  private final int stride;

  private ResizeCoefficients(int outputs, int stride) {
    this.firstInputs = new int[outputs];
    this.counts = new int[outputs];
    this.weights = new int[outputs * stride];
    this.stride = stride;
  }

  /**
   * @param inSize pixels of the source
   * @param outSize pixels of the whole resized side
   * @param firstOutput first output wanted
   * @param outputs how many from there
   */
  static ResizeCoefficients of(
      ResizeFilter filter, int inSize, int outSize, int firstOutput, int outputs) {
    double scale = (double) inSize / outSize;
    double filterScale = Math.max(scale, 1);
    double support = filter.radius() * filterScale;
    int stride = (int) Math.ceil(support) * 2 + 1;
    ResizeCoefficients coefficients = new ResizeCoefficients(outputs, stride);
    double[] kernel = new double[stride];
    for (int i = 0; i < outputs; i++) {
      double centre = (firstOutput + i + 0.5) * scale;
      int low = Math.max(0, (int) (centre - support + 0.5));
      int high = Math.min(inSize, (int) (centre + support + 0.5));
      double sum = 0;
      for (int x = 0; x < high - low; x++) {
        kernel[x] = filter.weight((x + low - centre + 0.5) * (1 / filterScale));
        sum += kernel[x];
      }
      coefficients.set(i, low, high - low, kernel, sum);
    }
    return coefficients;
  }

  private void set(int output, int firstInput, int count, double[] kernel, double sum) {
    firstInputs[output] = firstInput;
    counts[output] = count;
    for (int x = 0; x < count; x++) {
      double scaled = (sum == 0 ? kernel[x] : kernel[x] / sum) * (1 << PRECISION_BITS);
      weights[output * stride + x] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }

  int outputs() {
    return counts.length;
  }

  int firstInput(int output) {
    return firstInputs[output];
  }

  int count(int output) {
    return counts[output];
  }

  int[] weights() {
    return weights;
  }

  /** Where an output's weights begin in {@link #weights()}. */
  int weightsAt(int output) {
    return output * stride;
  }

  /** First input any output needs. */
  int inputBegin() {
    return firstInputs[0];
  }

  /** One past the last input any output needs; both bounds grow with the output. */
  int inputEnd() {
    int last = counts.length - 1;
    return firstInputs[last] + counts[last];
  }
}
