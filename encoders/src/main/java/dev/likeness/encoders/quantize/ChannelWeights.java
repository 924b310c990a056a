package dev.likeness.encoders.quantize;

/**
 * A weight in signed bytes, symmetric, with one scale per output channel: {@code w ≈ scale[c] ·
 * code}, codes from -127 to 127.
 */
final class ChannelWeights {

  private static final int LARGEST = 127;

  /** A bias is kept in 32 bits; half of them leave room for the sums it is added to. */
  private static final double LARGEST_BIAS = 1 << 30;

  private final byte[] codes;
  private final float[] scales;

  private ChannelWeights(byte[] codes, float[] scales) {
    this.codes = codes;
    this.scales = scales;
  }

  /**
   * @param values row-major
   * @param channels number of output channels
   * @param inner elements of one channel that lie side by side: for [out, …] all of a channel's,
   *     for [in, out] one
   * @param bias per channel, or empty
   * @param inputScale of the activations that the weight is multiplied with
   */
  static ChannelWeights of(
      float[] values, int channels, int inner, float[] bias, float inputScale) {
    float[] largest = new float[channels];
    for (int i = 0; i < values.length; i++) {
      int channel = i / inner % channels;
      largest[channel] = Math.max(largest[channel], Math.abs(values[i]));
    }
    float[] scales = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      float scale = largest[channel] / LARGEST;
      if (bias.length > 0) {
        scale = Math.max(scale, (float) (Math.abs(bias[channel]) / (inputScale * LARGEST_BIAS)));
      }
      scales[channel] = scale >= Float.MIN_NORMAL ? scale : 1;
    }
    byte[] codes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      float code = values[i] / scales[i / inner % channels];
      codes[i] = (byte) Math.clamp(Math.round(code), -LARGEST, LARGEST);
    }
    return new ChannelWeights(codes, scales);
  }

  byte[] codes() {
    return codes;
  }

  float[] scales() {
    return scales;
  }

  /** The scales of a bias, those of the products: input times weight. */
  float[] biasScales(float inputScale) {
    float[] products = new float[scales.length];
    for (int channel = 0; channel < products.length; channel++) {
      products[channel] = scales[channel] * inputScale;
    }
    return products;
  }

  static int[] biasCodes(float[] bias, float[] biasScales) {
    int[] codes = new int[bias.length];
    for (int channel = 0; channel < bias.length; channel++) {
      codes[channel] = (int) Math.rint((double) bias[channel] / biasScales[channel]);
    }
    return codes;
  }
}
