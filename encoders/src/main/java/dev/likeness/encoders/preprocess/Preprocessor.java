package dev.likeness.encoders.preprocess;

import dev.likeness.encoders.image.RgbImage;
import java.util.Objects;

/**
 * An image to a network's input: resize, centre crop, scale to 0..1, normalise; bit for bit as
 * Pillow and torchvision do it in float32. Immutable, safe for use by any number of threads.
 */
public final class Preprocessor {

  private final PreprocessSpec spec;
  private final float[][] normalised = new float[3][256];

  public Preprocessor(PreprocessSpec spec) {
    this.spec = spec;
    for (int plane = 0; plane < 3; plane++) {
      for (int value = 0; value < 256; value++) {
        normalised[plane][value] = (value / 255f - spec.mean().get(plane)) / spec.std().get(plane);
      }
    }
  }

  public PreprocessSpec spec() {
    return spec;
  }

  /** Floats per image: 3 × cropSize². */
  public int tensorLength() {
    return spec.tensorLength();
  }

  /**
   * Writes [3][cropSize][cropSize] floats from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException if fewer than {@link #tensorLength()} floats are left
   */
  public void apply(RgbImage image, float[] out, int offset) {
    Objects.checkFromIndexSize(offset, tensorLength(), out.length);
    CenterCrop crop = CenterCrop.of(spec, image.width(), image.height());
    byte[] pixels = PillowResize.resize(image, crop, spec.filter()).rgb();
    int area = crop.size() * crop.size();
    boolean redFirst = spec.channelOrder() == ChannelOrder.RGB;
    float[] red = normalised[redFirst ? 0 : 2];
    float[] green = normalised[1];
    float[] blue = normalised[redFirst ? 2 : 0];
    int toRed = offset + (redFirst ? 0 : 2 * area);
    int toGreen = offset + area;
    int toBlue = offset + (redFirst ? 2 * area : 0);
    for (int i = 0, from = 0; i < area; i++, from += 3) {
      out[toRed + i] = red[pixels[from] & 0xFF];
      out[toGreen + i] = green[pixels[from + 1] & 0xFF];
      out[toBlue + i] = blue[pixels[from + 2] & 0xFF];
    }
  }
}
