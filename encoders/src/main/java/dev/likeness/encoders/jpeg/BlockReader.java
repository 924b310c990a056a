package dev.likeness.encoders.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bits to coefficients, block by block (ITU-T T.81, F.2.2). Used by one thread.
 *
 * <p>Up to 63 bits are held in one long, the next one highest.
 */
final class BlockReader {

  private static final VarHandle BITS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** A code has up to 16 bits, and up to 15 follow it. */
  private static final int NEEDED = 31;

  /**
   * Coefficients of eight-bit samples stay below half of this. Beyond it, decoders that skip zeros
   * and those that do not would differ by their overflows.
   */
  private static final int LIMIT = 4096;

  /** Where the coefficient of each place in the file belongs, row by row, times the lanes. */
  private static final int[] PLACES = places();

  private final EntropyData data;
  private final byte[] bytes;
  private final int[] predictions;
  private long window;
  private int available;
  private int position;
  private int part;

  BlockReader(EntropyData data, int components) {
    this.data = data;
    this.bytes = data.bytes();
    this.predictions = new int[components];
  }

  /**
   * Reads one block and multiplies by the quantisation.
   *
   * @param index of the component
   * @param coefficients [8][8][lanes], zero in this lane
   * @throws IrregularFileException if the bits are no block
   */
  void read(Component component, int index, int[] coefficients, int lane)
      throws IrregularFileException {
    QuantizationTable quantization = component.quantization();
    HuffmanTable table = component.ac();
    long bits = window;
    int left = available;
    int next = position;
    if (left < NEEDED) {
      bits |= (long) BITS.get(bytes, next) >>> left;
      next += (63 - left) >>> 3;
      left |= 56;
    }
    int entry = component.dc().entry(bits);
    boolean regular = entry != 0;
    predictions[index] += value(bits, entry);
    bits <<= entry;
    left -= entry & 0xFF;
    int coefficient = predictions[index] * quantization.factor(0);
    int beyond = coefficient + LIMIT;
    coefficients[lane] = coefficient;
    for (int k = 1; k < 64; k++) {
      if (left < NEEDED) {
        bits |= (long) BITS.get(bytes, next) >>> left;
        next += (63 - left) >>> 3;
        left |= 56;
      }
      entry = table.entry(bits);
      int symbol = entry >>> 16;
      if ((symbol & 15) == 0) {
        bits <<= entry;
        left -= entry & 0xFF;
        if (symbol != 0xF0) {
          regular &= entry != 0 && symbol == 0;
          break;
        }
        k += 15;
        continue;
      }
      k += symbol >>> 4;
      if (k > 63) {
        regular = false;
        break;
      }
      coefficient = value(bits, entry) * quantization.factor(k);
      beyond |= coefficient + LIMIT;
      coefficients[PLACES[k] + lane] = coefficient;
      bits <<= entry;
      left -= entry & 0xFF;
    }
    window = bits;
    available = left;
    position = next;
    if (!regular || (beyond & -2 * LIMIT) != 0 || bytesRead() > data.end(part)) {
      throw new IrregularFileException("damaged data");
    }
  }

  /** The bits after a code: the highest one tells the sign (T.81, F.12). */
  private static int value(long bits, int entry) {
    int count = entry >>> 16 & 15;
    long following = bits << (entry >>> 8);
    int magnitude = (int) (following >>> 1 >>> (63 - count));
    return magnitude - (~(int) (following >> 63) & (1 << count) - 1);
  }

  /** A restart: the part ends here, and predictions begin anew. */
  void nextPart() throws IrregularFileException {
    requireEnd();
    position = data.end(part++);
    if (part == data.parts()) {
      throw new IrregularFileException("no restart where there should be one");
    }
    window = 0;
    available = 0;
    Arrays.fill(predictions, 0);
  }

  /**
   * @throws IrregularFileException if the last part has more bytes than were read
   */
  void requireAllRead() throws IrregularFileException {
    requireEnd();
    if (part != data.parts() - 1) {
      throw new IrregularFileException("more restarts than there should be");
    }
  }

  private void requireEnd() throws IrregularFileException {
    if (bytesRead() != data.end(part)) {
      throw new IrregularFileException("bytes after the last block");
    }
  }

  /** Bytes of which at least one bit was read. */
  private int bytesRead() {
    return position - (available >> 3);
  }

  /** Diagonal by diagonal, in turning direction. */
  private static int[] places() {
    int[] places = new int[64];
    int k = 0;
    for (int diagonal = 0; diagonal < 15; diagonal++) {
      for (int i = 0; i <= diagonal; i++) {
        int row = diagonal % 2 == 0 ? diagonal - i : i;
        int column = diagonal - row;
        if (row < 8 && column < 8) {
          places[k++] = (row * 8 + column) * SampleArithmetic.LANES;
        }
      }
    }
    return places;
  }
}
