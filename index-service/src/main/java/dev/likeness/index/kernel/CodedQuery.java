package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A query rounded to integers of -{@value #LEVELS} to {@value #LEVELS}, so that {@value #PRODUCTS}
 * products with codes of -127 to 127 fit 16 bits: 4 · 63 · 127 = 32,004. Reusable; owned by one
 * thread.
 */
public final class CodedQuery {

  static final int LEVELS = 63;
  static final int PRODUCTS = 4;

  /** Values are padded to a multiple of this: four of the widest registers. */
  static final int GRANULE = 128;

  private final short[] values;
  private final byte[] row;
  private float scale;

  /**
   * @param stride a multiple of {@value VectorKernel#CODE_GRANULE}
   */
  public CodedQuery(int stride) {
    values = new short[padded(stride)];
    row = new byte[stride];
  }

  static int padded(int stride) {
    return Math.ceilDiv(stride, GRANULE) * GRANULE;
  }

  /**
   * Rounds {@code query}.
   *
   * @param query float32 [dimension], dimension at most stride
   */
  public void set(float[] query) {
    float largest = ScalarKernel.largest(query, 0, 0);
    float factor = largest < Float.MIN_NORMAL * LEVELS ? 0 : LEVELS / largest;
    for (int i = 0; i < query.length; i++) {
      values[i] = (short) Math.round(query[i] * factor);
    }
    scale = largest / LEVELS;
  }

  /** Takes a row's codes for the query; the scale is that of the row's codes, doubled. */
  public void set(MemorySegment codes, long offset) {
    MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, offset, row, 0, row.length);
    for (int i = 0; i < row.length; i++) {
      int code = row[i];
      values[i] = (short) (code / 2); // towards zero, so that a vector and its opposite stay that
    }
    scale = 2;
  }

  /** int16 [stride, padded], zero behind the dimension; not to be changed. */
  short[] values() {
    return values;
  }

  /** What one step stands for. */
  public float scale() {
    return scale;
  }

  /** The norm of what rounding took from {@code query}, the last one set; an upper bound. */
  public double residual(float[] query) {
    double squares = 0;
    for (int i = 0; i < query.length; i++) {
      double left = query[i] - (double) scale * values[i];
      squares += left * left;
    }
    return Math.sqrt(squares) * (1 + 1e-9);
  }
}
