package dev.likeness.encoders.preprocess;

import dev.likeness.encoders.image.RgbImage;
import java.util.Arrays;

/** Plain loops: the reference. */
final class ScalarPasses implements ResizePasses {

  @Override
  public byte[] horizontal(RgbImage image, ResizeCoefficients columns, int firstRow, int endRow) {
    byte[] in = image.rgb();
    int[] weights = columns.weights();
    int width = columns.outputs();
    byte[] out = new byte[Math.multiplyExact((endRow - firstRow) * width, 3)];
    int to = 0;
    for (int y = firstRow; y < endRow; y++) {
      int row = y * image.width() * 3;
      for (int x = 0; x < width; x++) {
        int from = row + columns.firstInput(x) * 3;
        int weight = columns.weightsAt(x);
        int end = weight + columns.count(x);
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (; weight < end; weight++, from += 3) {
          int factor = weights[weight];
          red += (in[from] & 0xFF) * factor;
          green += (in[from + 1] & 0xFF) * factor;
          blue += (in[from + 2] & 0xFF) * factor;
        }
        out[to++] = clip(red);
        out[to++] = clip(green);
        out[to++] = clip(blue);
      }
    }
    return out;
  }

  @Override
  public byte[] vertical(byte[] in, int width, ResizeCoefficients rows, int firstRow) {
    int lineLength = width * 3;
    byte[] out = new byte[rows.outputs() * lineLength];
    int[] sums = new int[lineLength];
    int[] weights = rows.weights();
    for (int y = 0; y < rows.outputs(); y++) {
      Arrays.fill(sums, HALF);
      int from = (rows.firstInput(y) - firstRow) * lineLength;
      int weight = rows.weightsAt(y);
      int end = weight + rows.count(y);
      for (; weight < end; weight++, from += lineLength) {
        for (int x = 0; x < lineLength; x++) {
          sums[x] += (in[from + x] & 0xFF) * weights[weight];
        }
      }
      int to = y * lineLength;
      for (int x = 0; x < lineLength; x++) {
        out[to + x] = clip(sums[x]);
      }
    }
    return out;
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> ResizeCoefficients.PRECISION_BITS, 0, 255);
  }
}
