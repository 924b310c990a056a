package dev.likeness.index.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The reference: the contract of {@link CodeProduct} as plain loops. */
public final class ScalarProduct implements CodeProduct {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Panel panel(MemorySegment codes, int stride, int lanes) {
    return new Codes(codes);
  }

  @Override
  public Workspace workspace(int rows, int stride, int lanes) {
    Arena arena = Arena.ofAuto();
    return new Loops(
        arena.allocate((long) rows * stride, Long.BYTES),
        arena.allocate((long) rows * lanes * Integer.BYTES, Integer.BYTES),
        stride,
        lanes);
  }

  private record Codes(MemorySegment values) implements Panel {
    @Override
    public void close() {}
  }

  private record Loops(MemorySegment rows, MemorySegment sums, int stride, int lanes)
      implements Workspace {

    @Override
    public void multiply(Panel panel, int rowCount) {
      MemorySegment codes = ((Codes) panel).values();
      int[] products = new int[lanes];
      for (int row = 0; row < rowCount; row++) {
        Arrays.fill(products, 0);
        for (int i = 0; i < stride; i++) {
          int value = (rows.get(ValueLayout.JAVA_BYTE, (long) row * stride + i) & 0xff) - OFFSET;
          for (int lane = 0; lane < lanes; lane++) {
            products[lane] += value * codes.get(ValueLayout.JAVA_BYTE, (long) i * lanes + lane);
          }
        }
        MemorySegment.copy(
            products, 0, sums, ValueLayout.JAVA_INT, (long) row * lanes * Integer.BYTES, lanes);
      }
    }

    @Override
    public void close() {}
  }
}
