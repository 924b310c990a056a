package dev.likeness.encoders.preprocess;

import dev.likeness.encoders.image.RgbImage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * SIMD passes: one value per lane.
 *
 * <p>Vertically, a line's values lie side by side. Horizontally they do not, since each output
 * begins at another input; so a few rows at a time are laid out column by column, four bytes per
 * pixel, and one register holds the same column of all of them.
 */
final class VectorPasses implements ResizePasses {

  private static final VectorSpecies<Integer> SUMS = IntVector.SPECIES_PREFERRED;

  /** Values per register. */
  private static final int LANES = SUMS.length();

  /** No shape is shorter than 64 bits, so that 128-bit machines take the other passes. */
  private static final VectorSpecies<Byte> VALUES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(LANES * Byte.SIZE, 64)));

  private static final int BYTES_PER_PIXEL = 4;
  private static final int ROWS = LANES / BYTES_PER_PIXEL;
  private static final VarHandle PIXEL =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final ScalarPasses SHORT_LINES = new ScalarPasses();

  /** False where registers are too short; the other passes are to be taken then. */
  static boolean worthwhile() {
    return VALUES.length() == LANES;
  }

  @Override
  public byte[] horizontal(RgbImage image, ResizeCoefficients columns, int firstRow, int endRow) {
    int width = columns.outputs();
    int firstColumn = columns.inputBegin();
    int columnCount = columns.inputEnd() - firstColumn;
    byte[] out = new byte[Math.multiplyExact((endRow - firstRow) * width, 3)];
    byte[] strip = new byte[Math.multiplyExact(columnCount, LANES)];
    byte[] resized = new byte[Math.multiplyExact(width, LANES)];
    for (int y = firstRow; y < endRow; y += ROWS) {
      int rows = Math.min(ROWS, endRow - y);
      for (int row = 0; row < rows; row++) {
        int from = ((y + row) * image.width() + firstColumn) * 3;
        layOut(image.rgb(), from, columnCount, strip, row * BYTES_PER_PIXEL);
      }
      resize(strip, columns, resized);
      for (int row = 0; row < rows; row++) {
        takeUp(resized, row * BYTES_PER_PIXEL, width, out, (y - firstRow + row) * width * 3);
      }
    }
    return out;
  }

  /** Four bytes are copied at once, the fourth being in nobody's way; the last pixel has none. */
  private static void layOut(byte[] rgb, int from, int count, byte[] strip, int to) {
    int last = count - 1;
    for (int x = 0; x < last; x++) {
      PIXEL.set(strip, to + x * LANES, (int) PIXEL.get(rgb, from + x * 3));
    }
    System.arraycopy(rgb, from + last * 3, strip, to + last * LANES, 3);
  }

  /** The fourth byte is overwritten by the next pixel's first. */
  private static void takeUp(byte[] resized, int from, int count, byte[] rgb, int to) {
    int last = count - 1;
    for (int x = 0; x < last; x++) {
      PIXEL.set(rgb, to + x * 3, (int) PIXEL.get(resized, from + x * LANES));
    }
    System.arraycopy(resized, from + last * LANES, rgb, to + last * 3, 3);
  }

  private static void resize(byte[] strip, ResizeCoefficients columns, byte[] resized) {
    int[] weights = columns.weights();
    int firstColumn = columns.inputBegin();
    for (int x = 0; x < columns.outputs(); x++) {
      int weight = columns.weightsAt(x);
      int from = (columns.firstInput(x) - firstColumn) * LANES;
      sum(strip, from, LANES, weights, weight, weight + columns.count(x), resized, x * LANES);
    }
  }

  @Override
  public byte[] vertical(byte[] in, int width, ResizeCoefficients rows, int firstRow) {
    int lineLength = width * 3;
    if (lineLength < LANES) {
      return SHORT_LINES.vertical(in, width, rows, firstRow);
    }
    byte[] out = new byte[rows.outputs() * lineLength];
    int[] weights = rows.weights();
    for (int y = 0; y < rows.outputs(); y++) {
      int from = (rows.firstInput(y) - firstRow) * lineLength;
      int weight = rows.weightsAt(y);
      int end = weight + rows.count(y);
      int to = y * lineLength;
      int x = 0;
      for (; x < lineLength - LANES; x += LANES) {
        sum(in, from + x, lineLength, weights, weight, end, out, to + x);
      }
      x = lineLength - LANES; // overlaps, and writes the same there
      sum(in, from + x, lineLength, weights, weight, end, out, to + x);
    }
    return out;
  }

  /** One register of outputs: inputs a stride apart, each with its weight, rounded to bytes. */
  private static void sum(
      byte[] in, int from, int stride, int[] weights, int weight, int end, byte[] out, int to) {
    IntVector sums = IntVector.broadcast(SUMS, HALF);
    for (int at = from, w = weight; w < end; w++, at += stride) {
      IntVector values =
          (IntVector)
              ByteVector.fromArray(VALUES, in, at)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, SUMS, 0);
      sums = sums.add(values.mul(weights[w]));
    }
    IntVector rounded =
        sums.lanewise(VectorOperators.ASHR, ResizeCoefficients.PRECISION_BITS).max(0).min(255);
    ((ByteVector) rounded.convertShape(VectorOperators.I2B, VALUES, 0)).intoArray(out, to);
  }
}
