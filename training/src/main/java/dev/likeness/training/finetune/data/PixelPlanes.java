package dev.likeness.training.finetune.data;

import dev.likeness.encoders.image.RgbImage;
import java.util.SplittableRandom;

/**
 * A square image as three planes of floats in 0 to 255, red first, to be changed in place. Owned by
 * one thread.
 */
final class PixelPlanes {

  /** ITU-R 601, as Pillow turns colours to gray. */
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  private static final float SMALLEST_DEVIATION = 1f;

  private final int side;
  private final float[] values;

  private PixelPlanes(int side, float[] values) {
    this.side = side;
    this.values = values;
  }

  static PixelPlanes of(RgbImage image) {
    int area = image.width() * image.height();
    float[] values = new float[3 * area];
    byte[] rgb = image.rgb();
    for (int i = 0; i < area; i++) {
      values[i] = rgb[3 * i] & 0xFF;
      values[area + i] = rgb[3 * i + 1] & 0xFF;
      values[2 * area + i] = rgb[3 * i + 2] & 0xFF;
    }
    return new PixelPlanes(image.width(), values);
  }

  float[] values() {
    return values;
  }

  private int area() {
    return side * side;
  }

  void mirror() {
    for (int row = 0; row < 3 * side; row++) {
      for (int left = row * side, right = left + side - 1; left < right; left++, right--) {
        float kept = values[left];
        values[left] = values[right];
        values[right] = kept;
      }
    }
  }

  void brighten(float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  /** Distance of each value from the mean gray. */
  void contrast(float factor) {
    float mean = 0;
    for (int plane = 0; plane < 3; plane++) {
      mean += LUMA[plane] * mean(plane);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + factor * (values[i] - mean);
    }
  }

  /** Distance of each pixel from its own gray; 0 is gray. */
  void saturate(float factor) {
    int area = area();
    for (int i = 0; i < area; i++) {
      float gray =
          LUMA[0] * values[i] + LUMA[1] * values[area + i] + LUMA[2] * values[2 * area + i];
      for (int at = i; at < values.length; at += area) {
        values[at] = gray + factor * (values[at] - gray);
      }
    }
  }

  /** Three passes of a box in both directions, which is close to a Gaussian. */
  void blur(int radius) {
    float[] line = new float[side];
    for (int pass = 0; pass < 3; pass++) {
      for (int plane = 0; plane < 3; plane++) {
        for (int i = 0; i < side; i++) {
          box(plane * area() + i * side, 1, radius, line);
          box(plane * area() + i, side, radius, line);
        }
      }
    }
  }

  private void box(int start, int stride, int radius, float[] line) {
    float sum = 0;
    for (int i = -radius; i <= radius; i++) {
      sum += values[start + Math.clamp(i, 0, side - 1) * stride];
    }
    for (int i = 0; i < side; i++) {
      line[i] = sum / (2 * radius + 1);
      sum += values[start + Math.min(i + radius + 1, side - 1) * stride];
      sum -= values[start + Math.max(i - radius, 0) * stride];
    }
    for (int i = 0; i < side; i++) {
      values[start + i * stride] = line[i];
    }
  }

  /** A rectangle of noise. */
  void erase(int left, int top, int width, int height, SplittableRandom random) {
    for (int plane = 0; plane < 3; plane++) {
      for (int y = top; y < top + height; y++) {
        int row = plane * area() + y * side;
        for (int x = left; x < left + width; x++) {
          values[row + x] = random.nextInt(256);
        }
      }
    }
  }

  /** Gives every plane the mean and the deviation of a style. */
  void restyle(ColorStyle style, float share) {
    for (int plane = 0; plane < 3; plane++) {
      float mean = mean(plane);
      float deviation = Math.max(deviation(plane, mean), SMALLEST_DEVIATION);
      float newMean = mean + share * (style.mean(plane) - mean);
      float newDeviation = deviation + share * (style.deviation(plane) - deviation);
      for (int i = plane * area(); i < (plane + 1) * area(); i++) {
        values[i] = newMean + (values[i] - mean) / deviation * newDeviation;
      }
    }
  }

  ColorStyle style() {
    float[] means = new float[3];
    float[] deviations = new float[3];
    for (int plane = 0; plane < 3; plane++) {
      means[plane] = mean(plane);
      deviations[plane] = deviation(plane, means[plane]);
    }
    return new ColorStyle(means, deviations);
  }

  /** Back to what a pixel can be. */
  void clip() {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.clamp(values[i], 0f, 255f);
    }
  }

  private float mean(int plane) {
    double sum = 0;
    for (int i = plane * area(); i < (plane + 1) * area(); i++) {
      sum += values[i];
    }
    return (float) (sum / area());
  }

  private float deviation(int plane, float mean) {
    double sum = 0;
    for (int i = plane * area(); i < (plane + 1) * area(); i++) {
      double difference = values[i] - mean;
      sum += difference * difference;
    }
    return (float) Math.sqrt(sum / area());
  }
}
