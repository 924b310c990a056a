package dev.likeness.encoders.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Planes of luminance and differences to RGB, row by row. Differences of half the rows or columns
 * are interpolated by the triangle filter of the JPEG reference library.
 */
final class ColorRows {

  private static final VarHandle SIX =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Frame frame;
  private final SamplePlanes planes;
  private final SampleArithmetic arithmetic;
  private final int pairs;
  private final int columns;
  private final int rows;
  private final int[] sums;

  private ColorRows(Frame frame, SamplePlanes planes, SampleArithmetic arithmetic) {
    this.frame = frame;
    this.planes = planes;
    this.arithmetic = arithmetic;
    this.pairs = Math.ceilDiv(frame.width(), 2);
    this.columns = frame.halfWidth() ? pairs : frame.width();
    this.rows = frame.halfHeight() ? Math.ceilDiv(frame.height(), 2) : frame.height();
    this.sums = new int[columns + SampleArithmetic.ROOM_AFTER];
  }

  /** RGB samples [height][width][3]. */
  static byte[] toRgb(Frame frame, SamplePlanes planes, SampleArithmetic arithmetic) {
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(frame.width(), 3), frame.height())];
    if (frame.components().size() == 1) {
      spread(planes.plane(0), planes.stride(0), frame.width(), rgb);
    } else {
      new ColorRows(frame, planes, arithmetic).convert(rgb);
    }
    return rgb;
  }

  private static void spread(byte[] gray, int stride, int width, byte[] rgb) {
    int out = 0;
    for (int row = 0; out < rgb.length; row += stride) {
      for (int x = row; x < row + width; x++, out += 3) {
        rgb[out] = gray[x];
        rgb[out + 1] = gray[x];
        rgb[out + 2] = gray[x];
      }
    }
  }

  private void convert(byte[] rgb) {
    PixelPairs luminance = new PixelPairs(pairs);
    PixelPairs blue = new PixelPairs(pairs);
    PixelPairs red = new PixelPairs(pairs);
    byte[] line = new byte[pairs * 6 + 2];
    int lineLength = frame.width() * 3;
    for (int y = 0; y < frame.height(); y++) {
      differences(1, y, blue);
      differences(2, y, red);
      arithmetic.split(planes.plane(0), y * planes.stride(0), pairs, luminance);
      arithmetic.colors(luminance, blue, red, pairs);
      for (int i = 0; i < pairs; i++) {
        // the two bytes beyond are the next pair's
        SIX.set(line, i * 6, luminance.even[i] | (long) luminance.odd[i] << 24);
      }
      System.arraycopy(line, 0, rgb, y * lineLength, lineLength);
    }
  }

  private void differences(int component, int y, PixelPairs out) {
    byte[] plane = planes.plane(component);
    int stride = planes.stride(component);
    if (!frame.halfWidth()) {
      arithmetic.split(plane, y * stride, pairs, out);
      return;
    }
    int near = frame.halfHeight() ? y / 2 : y;
    int far = frame.halfHeight() ? Math.clamp(near + (y % 2 == 0 ? -1 : 1), 0, rows - 1) : y;
    arithmetic.mix(plane, near * stride, far * stride, columns, sums);
    sums[0] = sums[1];
    sums[columns + 1] = sums[columns];
    boolean both = frame.halfHeight();
    arithmetic.widen(sums, pairs, both ? 8 : 4, both ? 7 : 8, out);
  }
}
