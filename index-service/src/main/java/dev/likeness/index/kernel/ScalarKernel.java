package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The reference: the contract of {@link VectorKernel} as plain loops. */
public final class ScalarKernel implements VectorKernel {

  /** Adding and taking away 1.5 · 2^23 leaves the nearest integer. */
  static final float TO_INTEGER = 0x1.8p23f;

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int wideWidth() {
    return 8;
  }

  @Override
  public int narrowWidth() {
    return 8;
  }

  @Override
  public int groupRows() {
    return 1;
  }

  @Override
  public void scoreTile(RowTile tile, QueryPanel panel, Hits hits) {
    int dimension = tile.dimension();
    for (int row = 0; row < tile.rowCount(); row++) {
      for (int lane = 0; lane < panel.count(); lane++) {
        float score = 0;
        for (int i = 0; i < dimension; i++) {
          float value = panel.values()[i * panel.width() + lane];
          score = Math.fma(value, tile.values()[row * dimension + i], score);
        }
        if (score >= hits.thresholds()[lane]) {
          hits.add(lane, row, score);
        }
      }
    }
  }

  @Override
  public void scoreCodes(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int stride,
      float[] sums,
      int at) {
    sums[at] = sum(query, codes, offset0, stride);
    sums[at + 1] = sum(query, codes, offset1, stride);
    sums[at + 2] = sum(query, codes, offset2, stride);
    sums[at + 3] = sum(query, codes, offset3, stride);
  }

  @Override
  public void scoreCodes(CodedQuery query, CodedBlock block, int count, int[] sums) {
    short[] values = query.values();
    byte[] codes = block.codes();
    for (int row = 0; row < count; row++) {
      int sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += values[i] * codes[row * values.length + i];
      }
      sums[row] = sum;
    }
  }

  @Override
  public Optional<CodeProduct> product() {
    return Optional.empty();
  }

  @Override
  public int reached(
      MemorySegment sums, long offset, int lanes, float scale, float[] thresholds, int[] reached) {
    int count = 0;
    for (int lane = 0; lane < lanes; lane++) {
      int sum = sums.get(ValueLayout.JAVA_INT, offset + (long) lane * Integer.BYTES);
      if (sum * scale >= thresholds[lane]) {
        reached[count++] = lane;
      }
    }
    return count;
  }

  @Override
  public float largest(float[] values) {
    return largest(values, 0, 0);
  }

  /** Goes on at value {@code from} with the largest so far. */
  static float largest(float[] values, int from, float largest) {
    for (int i = from; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  @Override
  public float encode(float[] values, float factor, byte[] codes) {
    return encode(values, 0, factor, codes, 0);
  }

  /** Goes on at value {@code from} with the squares so far. */
  static float encode(float[] values, int from, float factor, byte[] codes, float squares) {
    for (int i = from; i < values.length; i++) {
      float step = values[i] * factor;
      float code = (step + TO_INTEGER) - TO_INTEGER;
      codes[i] = (byte) code;
      squares += (step - code) * (step - code);
    }
    return squares;
  }

  @Override
  public int squares(byte[] codes) {
    return CodeSquares.sum(codes, 0);
  }

  private static float sum(float[] query, MemorySegment codes, long offset, int stride) {
    float sum = 0;
    for (int i = 0; i < stride; i++) {
      sum = Math.fma(query[i], codes.get(ValueLayout.JAVA_BYTE, offset + i), sum);
    }
    return sum;
  }
}
