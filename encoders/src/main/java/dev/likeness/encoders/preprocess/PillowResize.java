package dev.likeness.encoders.preprocess;

import dev.likeness.encoders.image.RgbImage;
import java.util.Arrays;

/**
 * Pillow's resize, bit for bit: a horizontal pass, then a vertical one, each in integer arithmetic
 * and rounded to 8 bits; a pass that changes no size is skipped. Each output pixel depends on its
 * own inputs only, so that a part of the result can be computed alone and is the same.
 */
public final class PillowResize {

  private static final int HALF = 1 << ResizeCoefficients.PRECISION_BITS - 1;

  private PillowResize() {}

  /** The whole image at the given size. */
  public static RgbImage resize(RgbImage image, int width, int height, ResizeFilter filter) {
    return resize(image, width, height, filter, 0, 0, width, height);
  }

  /** The square a crop keeps of the resized image; the rest is never computed. */
  public static RgbImage resize(RgbImage image, CenterCrop crop, ResizeFilter filter) {
    return resize(
        image,
        crop.resizedWidth(),
        crop.resizedHeight(),
        filter,
        crop.left(),
        crop.top(),
        crop.size(),
        crop.size());
  }

  private static RgbImage resize(
      RgbImage image,
      int resizedWidth,
      int resizedHeight,
      ResizeFilter filter,
      int left,
      int top,
      int width,
      int height) {
    boolean vertical = resizedHeight != image.height();
    ResizeCoefficients rows =
        vertical ? ResizeCoefficients.of(filter, image.height(), resizedHeight, top, height) : null;
    int firstRow = rows == null ? top : rows.inputBegin();
    int endRow = rows == null ? top + height : rows.inputEnd();
    byte[] narrowed;
    if (resizedWidth == image.width()) {
      narrowed = columns(image, left, width, firstRow, endRow);
    } else {
      ResizeCoefficients columns =
          ResizeCoefficients.of(filter, image.width(), resizedWidth, left, width);
      narrowed = horizontal(image, columns, firstRow, endRow);
    }
    byte[] rgb = rows == null ? narrowed : vertical(narrowed, width, rows, firstRow);
    return new RgbImage(width, height, rgb);
  }

  private static byte[] columns(RgbImage image, int left, int width, int firstRow, int endRow) {
    byte[] kept = new byte[(endRow - firstRow) * width * 3];
    for (int y = firstRow; y < endRow; y++) {
      System.arraycopy(
          image.rgb(), (y * image.width() + left) * 3, kept, (y - firstRow) * width * 3, width * 3);
    }
    return kept;
  }

  private static byte[] horizontal(
      RgbImage image, ResizeCoefficients columns, int firstRow, int endRow) {
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

  /** Row by row over whole lines, which the compiler turns into vector instructions. */
  private static byte[] vertical(byte[] in, int width, ResizeCoefficients rows, int firstRow) {
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
        addLine(in, from, weights[weight], sums);
      }
      int to = y * lineLength;
      for (int x = 0; x < lineLength; x++) {
        out[to + x] = clip(sums[x]);
      }
    }
    return out;
  }

  private static void addLine(byte[] in, int from, int factor, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += (in[from + x] & 0xFF) * factor;
    }
  }

  /** Minimum and maximum, because the compiler turns these into vector instructions. */
  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> ResizeCoefficients.PRECISION_BITS));
  }
}
