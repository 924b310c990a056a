package dev.likeness.encoders.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The samples of a picture, one plane per component, in whole units of the scan. */
final class SamplePlanes {

  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LANES = SampleArithmetic.LANES;

  private final Frame frame;
  private final SampleArithmetic arithmetic;
  private final List<byte[]> planes = new ArrayList<>();

  private SamplePlanes(Frame frame, SampleArithmetic arithmetic) {
    this.frame = frame;
    this.arithmetic = arithmetic;
    for (Component component : frame.components()) {
      int size = Math.multiplyExact(stride(component), rows(component));
      planes.add(new byte[Math.addExact(size, SampleArithmetic.ROOM_AFTER)]);
    }
  }

  /**
   * @throws IrregularFileException if the data is damaged
   */
  static SamplePlanes read(Frame frame, EntropyData data, SampleArithmetic arithmetic)
      throws IrregularFileException {
    SamplePlanes planes = new SamplePlanes(frame, arithmetic);
    planes.read(new BlockReader(data, frame.components().size()));
    return planes;
  }

  byte[] plane(int component) {
    return planes.get(component);
  }

  /** Samples from one row to the next. */
  int stride(int component) {
    return stride(frame.components().get(component));
  }

  private int stride(Component component) {
    return frame.unitColumns() * component.horizontal() * Frame.BLOCK;
  }

  private int rows(Component component) {
    return Math.multiplyExact(frame.unitRows(), component.vertical() * Frame.BLOCK);
  }

  /** Some units at a time: the same block of all of them is transformed at once. */
  private void read(BlockReader reader) throws IrregularFileException {
    List<int[][]> blocks = new ArrayList<>();
    for (Component component : frame.components()) {
      blocks.add(new int[component.blocks()][64 * LANES]);
    }
    int[] samples = new int[16 * LANES];
    int untilRestart = frame.restartInterval();
    for (int row = 0; row < frame.unitRows(); row++) {
      for (int column = 0; column < frame.unitColumns(); column += LANES) {
        int units = Math.min(LANES, frame.unitColumns() - column);
        for (int lane = 0; lane < units; lane++) {
          if (frame.restartInterval() > 0 && untilRestart-- == 0) {
            reader.nextPart();
            untilRestart = frame.restartInterval() - 1;
          }
          readUnit(reader, blocks, lane);
        }
        for (int c = 0; c < blocks.size(); c++) {
          for (int block = 0; block < blocks.get(c).length; block++) {
            int[] coefficients = blocks.get(c)[block];
            arithmetic.transform(coefficients, samples);
            Arrays.fill(coefficients, 0);
            place(c, block, row, column, units, samples);
          }
        }
      }
    }
    reader.requireAllRead();
  }

  private void readUnit(BlockReader reader, List<int[][]> blocks, int lane)
      throws IrregularFileException {
    for (int c = 0; c < blocks.size(); c++) {
      Component component = frame.components().get(c);
      for (int[] block : blocks.get(c)) {
        reader.read(component, c, block, lane);
      }
    }
  }

  private void place(int index, int block, int row, int column, int units, int[] samples) {
    Component component = frame.components().get(index);
    int across = component.horizontal();
    int top = (row * component.vertical() + block / across) * Frame.BLOCK;
    int left = (column * across + block % across) * Frame.BLOCK;
    int stride = stride(component);
    byte[] plane = planes.get(index);
    for (int y = 0; y < Frame.BLOCK; y++) {
      int at = (top + y) * stride + left;
      int from = y * 2 * LANES;
      for (int lane = 0; lane < units; lane++, at += across * Frame.BLOCK) {
        FOUR.set(plane, at, samples[from + lane]);
        FOUR.set(plane, at + 4, samples[from + LANES + lane]);
      }
    }
  }
}
