package dev.likeness.index.search;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.VectorKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One byte per value beside the rows of a chunk, and how far they are from the truth.
 *
 * <p>A row x has the codes c = round(x · 127 / max|x|), which stand for x̂ = scale · c with scale =
 * max|x| / 127. For every query q, by Cauchy–Schwarz, |q·x − q·x̂| ≤ ‖q‖ · ‖x − x̂‖. {@link #error}
 * is an upper bound of ‖x − x̂‖ plus what rounding adds to either score when it is summed in
 * float32, so that
 *
 * <pre>|score of the kernel − scale · Σ q c| ≤ ‖q‖ · error + {@link #UNDERFLOW}</pre>
 *
 * holds for the numbers as they are computed. Written by the single writer before the row is
 * published.
 */
final class RowCodes {

  /** Shorter rows are scanned as quickly themselves. */
  private static final int MIN_DIMENSION = 64;

  /** Rows of smaller values would overflow the factor; they have only zeros as codes. */
  private static final float MIN_MAGNITUDE = 1e-30f;

  private static final int LEVELS = 127;

  /** Flipping the upper bit of a byte adds {@link CodeProduct#OFFSET}. */
  private static final long SIGNS = 0x8080808080808080L;

  /** Half a unit in the last place of 1: the relative error of one float32 operation. */
  private static final double ROUNDING = 0x1p-24;

  /** What products below the smallest float can lose in all: far more than 4096 of them. */
  static final float UNDERFLOW = 0x1p-130f;

  private final VectorKernel kernel;
  private final int dimension;
  private final int stride;
  private final MemorySegment codes;
  private final MemorySegment scales;
  private final MemorySegment errors;
  private final MemorySegment norms;
  private final byte[] row; // the writer's scratch space

  RowCodes(int dimension, int capacity, VectorKernel kernel, Arena arena) {
    this.kernel = kernel;
    this.dimension = dimension;
    this.stride = stride(dimension);
    codes = RowMemory.allocate(arena, (long) stride * capacity);
    scales = arena.allocate((long) capacity * Float.BYTES, 64);
    errors = arena.allocate((long) capacity * Float.BYTES, 64);
    norms = arena.allocate((long) capacity * Float.BYTES, 64);
    row = new byte[stride];
  }

  static boolean worthwhile(int dimension) {
    return dimension >= MIN_DIMENSION;
  }

  /** Bytes per row; scale, error and norm included. */
  static long bytesPerRow(int dimension) {
    return worthwhile(dimension) ? stride(dimension) + 3 * Float.BYTES : 0;
  }

  /** Codes per row: the dimension rounded up, the rest is zero. */
  static int stride(int dimension) {
    return Math.ceilDiv(dimension, VectorKernel.CODE_GRANULE) * VectorKernel.CODE_GRANULE;
  }

  void write(int ofRow, float[] values) {
    float max = kernel.largest(values);
    if (max < MIN_MAGNITUDE) {
      codes.asSlice((long) ofRow * stride, stride).fill((byte) 0);
      put(ofRow, 0, 2 * Math.sqrt(dimension) * max, 0);
      return;
    }
    float factor = LEVELS / max;
    double scale = max / LEVELS;
    double residual = Math.sqrt(kernel.encode(values, factor, row));
    MemorySegment.copy(row, 0, codes, ValueLayout.JAVA_BYTE, (long) ofRow * stride, stride);
    double norm = Math.sqrt(kernel.squares(row));
    put(ofRow, (float) scale, scale * error(residual, norm), scale * norm * (1 + ROUNDING));
  }

  /** Takes over what was computed for a row of the same values. */
  void copy(int ofRow, RowCodes from, int fromRow) {
    MemorySegment.copy(from.codes, from.offset(fromRow), codes, offset(ofRow), stride);
    scales.setAtIndex(ValueLayout.JAVA_FLOAT, ofRow, from.scale(fromRow));
    errors.setAtIndex(ValueLayout.JAVA_FLOAT, ofRow, from.error(fromRow));
    norms.setAtIndex(ValueLayout.JAVA_FLOAT, ofRow, from.norm(fromRow));
  }

  /** The codes of a row, 0 to stride. */
  MemorySegment codes() {
    return codes;
  }

  /** float32, what a step of each row stands for. */
  MemorySegment scales() {
    return scales;
  }

  long offset(int ofRow) {
    return (long) ofRow * stride;
  }

  float scale(int ofRow) {
    return scales.getAtIndex(ValueLayout.JAVA_FLOAT, ofRow);
  }

  float error(int ofRow) {
    return errors.getAtIndex(ValueLayout.JAVA_FLOAT, ofRow);
  }

  /** Not below the norm of what the codes stand for, ‖x̂‖. */
  float norm(int ofRow) {
    return norms.getAtIndex(ValueLayout.JAVA_FLOAT, ofRow);
  }

  /**
   * Copies rows for {@link CodeProduct}.
   *
   * @param to receives uint8 [count][stride], codes plus {@link CodeProduct#OFFSET}
   */
  void copyWithoutSign(int firstRow, int count, MemorySegment to) {
    long from = offset(firstRow);
    long length = (long) count * stride;
    for (long at = 0; at < length; at += Long.BYTES) {
      long eight = codes.get(ValueLayout.JAVA_LONG_UNALIGNED, from + at);
      to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, eight ^ SIGNS);
    }
  }

  /**
   * In steps: the residual, its own rounding (a step is off by at most 127 · 2^-22, for factor,
   * scale and product), and the rounding of two sums of {@code dimension} terms, of which the one
   * is bounded by the norm of the codes and the other by that and the residual.
   */
  private double error(double residual, double codeNorm) {
    double slack = (dimension + 32) * ROUNDING;
    double remainder =
        residual * (1 + slack)
            + Math.sqrt(dimension) * LEVELS * 4 * ROUNDING
            + codeNorm * slack / 8;
    return remainder + slack * (2 * codeNorm + remainder);
  }

  private void put(int ofRow, float scale, double error, double norm) {
    scales.setAtIndex(ValueLayout.JAVA_FLOAT, ofRow, scale);
    errors.setAtIndex(ValueLayout.JAVA_FLOAT, ofRow, Math.nextUp((float) error));
    norms.setAtIndex(ValueLayout.JAVA_FLOAT, ofRow, Math.nextUp((float) norm));
  }
}
