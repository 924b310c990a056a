package dev.likeness.index.onnx;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.ScalarProduct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/**
 * Whether a product is exact for the largest codes there are. Processors without integer dot
 * products may sum pairs in 16 bit and cut off what does not fit.
 */
final class ExactnessCheck {

  private static final int ROWS = 2 * CodeProduct.ROW_STEP;
  private static final int[] STRIDES = {64, 528};
  private static final int[] LANES = {CodeProduct.LANE_STEP, 9 * CodeProduct.LANE_STEP};

  private ExactnessCheck() {}

  static boolean passes(CodeProduct product) {
    for (int stride : STRIDES) {
      for (int lanes : LANES) {
        byte[] found = products(product, stride, lanes);
        if (!Arrays.equals(found, products(new ScalarProduct(), stride, lanes))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Extreme codes in the first rows and lanes, drawn ones behind. */
  private static byte[] products(CodeProduct product, int stride, int lanes) {
    Random random = new Random(stride);
    byte[] codes = new byte[stride * lanes];
    random.nextBytes(codes);
    for (int i = 0; i < codes.length; i++) {
      int lane = i % lanes;
      codes[i] = (byte) (lane < 2 ? 127 - 254 * lane : Math.max(codes[i], -127));
    }
    byte[] rows = new byte[ROWS * stride];
    random.nextBytes(rows);
    for (int i = 0; i < 3 * stride; i++) {
      rows[i] = (byte) (i < stride ? 255 : i < 2 * stride ? 1 : i % 2 == 0 ? 255 : 1);
    }
    try (Arena arena = Arena.ofShared();
        CodeProduct.Workspace workspace = product.workspace(ROWS, stride, lanes)) {
      MemorySegment memory = arena.allocate(codes.length, Long.BYTES);
      memory.copyFrom(MemorySegment.ofArray(codes));
      MemorySegment.copy(rows, 0, workspace.rows(), ValueLayout.JAVA_BYTE, 0, rows.length);
      try (CodeProduct.Panel panel = product.panel(memory, stride, lanes)) {
        workspace.multiply(panel, ROWS);
      }
      return workspace
          .sums()
          .asSlice(0, (long) ROWS * lanes * Integer.BYTES)
          .toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
