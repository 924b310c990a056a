package dev.likeness.encoders.jpeg;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the segments before the scan (ITU-T T.81, annex B). Whatever is not exactly as it is
 * written by nearly all encoders is refused.
 */
final class FrameReader {

  private static final int MARKER = 0xFF;
  private static final int BASELINE = 0xC0;
  private static final int EXTENDED = 0xC1;
  private static final int HUFFMAN_TABLES = 0xC4;
  private static final int START_OF_SCAN = 0xDA;
  private static final int QUANTIZATION_TABLES = 0xDB;
  private static final int RESTART_INTERVAL = 0xDD;
  private static final int ADOBE = 0xEE;
  private static final int COMMENT = 0xFE;
  private static final int TABLES = 4;

  private final byte[] file;
  private final @Nullable QuantizationTable[] quantization = new QuantizationTable[TABLES];
  private final @Nullable HuffmanTable[] dc = new HuffmanTable[TABLES];
  private final @Nullable HuffmanTable[] ac = new HuffmanTable[TABLES];
  private int frameAt;
  private int restartInterval;

  private FrameReader(byte[] file) {
    this.file = file;
  }

  /**
   * @throws IrregularFileException if the file is of another kind, or damaged
   * @throws IndexOutOfBoundsException if it ends before its scan
   */
  static Frame read(byte[] file) throws IrregularFileException {
    return new FrameReader(file).read();
  }

  private Frame read() throws IrregularFileException {
    int at = 2;
    while (true) {
      require(unsigned(at) == MARKER, "bytes between segments");
      int marker = unsigned(at + 1);
      int begin = at + 4;
      int end = at + 2 + unsigned16(at + 2);
      require(end >= begin && end <= file.length, "a segment of impossible length");
      if (marker == START_OF_SCAN) {
        return frame(begin, end);
      }
      segment(marker, begin, end);
      at = end;
    }
  }

  private void segment(int marker, int begin, int end) throws IrregularFileException {
    switch (marker) {
      case BASELINE, EXTENDED -> {
        require(frameAt == 0 && end - begin >= 6, "several frames");
        require(end - begin == 6 + 3 * unsigned(begin + 5), "a frame of another length");
        frameAt = begin;
      }
      case HUFFMAN_TABLES -> huffmanTables(begin, end);
      case QUANTIZATION_TABLES -> quantizationTables(begin, end);
      case RESTART_INTERVAL -> {
        require(end - begin == 2, "an interval of another length");
        restartInterval = unsigned16(begin);
      }
      case ADOBE -> require(isYcc(begin, end), "a colour space of another kind");
      default ->
          require(marker == COMMENT || (marker >= 0xE0 && marker <= 0xEF), "another kind of file");
    }
  }

  /** Other programs' segments under this marker mean nothing. */
  private boolean isYcc(int begin, int end) {
    boolean adobe = end - begin >= 12 && file[begin] == 'A' && file[begin + 1] == 'd';
    return !adobe || file[begin + 11] == 1;
  }

  private void huffmanTables(int begin, int end) throws IrregularFileException {
    for (int at = begin; at < end; ) {
      int kindAndSlot = unsigned(at++);
      require((kindAndSlot & 0xEC) == 0, "a table with an impossible number");
      boolean first = kindAndSlot < 0x10;
      (first ? dc : ac)[kindAndSlot & 3] = HuffmanTable.read(file, at, end, first ? 15 : 255);
      at += 16 + HuffmanTable.symbolCount(file, at, end);
    }
  }

  private void quantizationTables(int begin, int end) throws IrregularFileException {
    for (int at = begin; at < end; ) {
      int kindAndSlot = unsigned(at++);
      require((kindAndSlot & 0xEC) == 0, "a table with an impossible number");
      boolean wide = kindAndSlot >= 0x10;
      int length = wide ? 128 : 64;
      require(at + length <= end, "a table longer than its segment");
      quantization[kindAndSlot & 3] = new QuantizationTable(file, at, wide);
      at += length;
    }
  }

  /** Precision, height, width, number of components; of each its name, sampling, table. */
  private Frame frame(int begin, int end) throws IrregularFileException {
    require(frameAt != 0 && unsigned(frameAt) == 8, "no frame of eight bits");
    int height = unsigned16(frameAt + 1);
    int width = unsigned16(frameAt + 3);
    int count = unsigned(frameAt + 5);
    require(height > 0 && width > 0 && (count == 1 || count == 3), "neither gray nor colour");
    require(end - begin == 4 + 2 * count && unsigned(begin) == count, "several scans");
    require(unsigned(end - 3) == 0 && unsigned(end - 2) == 63, "a scan of a part");
    require(unsigned(end - 1) == 0, "a scan of a part");
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      components.add(component(frameAt + 6 + 3 * i, begin + 1 + 2 * i, count));
    }
    requireSampling(components);
    require(components.getFirst().horizontal() == 1 || width > 4, "too narrow to interpolate");
    require(count == 1 || !namedRgb(), "a colour space of another kind");
    return new Frame(width, height, components, restartInterval, end);
  }

  private Component component(int inFrame, int inScan, int count) throws IrregularFileException {
    require(file[inFrame] == file[inScan], "components in another order");
    int stated = unsigned(inFrame + 1);
    require(isFactor(stated >> 4) && isFactor(stated & 15), "an impossible sampling");
    // a scan of one component has units of one block
    int sampling = count == 1 ? 0x11 : stated;
    int tables = unsigned(inScan + 1);
    require((tables & 0xCC) == 0 && unsigned(inFrame + 2) < TABLES, "an impossible table");
    return new Component(
        sampling >> 4,
        sampling & 15,
        present(quantization[unsigned(inFrame + 2)]),
        present(dc[tables >> 4]),
        present(ac[tables & 3]));
  }

  /** 4:4:4, 4:2:2 and 4:2:0. */
  private static void requireSampling(List<Component> components) throws IrregularFileException {
    Component first = components.getFirst();
    boolean usual = (first.vertical() == 1 && first.horizontal() <= 2) || isTwoByTwo(first);
    require(usual, "another sampling");
    for (Component other : components.subList(1, components.size())) {
      require(other.horizontal() == 1 && other.vertical() == 1, "another sampling");
    }
  }

  private static boolean isFactor(int factor) {
    return factor >= 1 && factor <= 4;
  }

  private static boolean isTwoByTwo(Component component) {
    return component.horizontal() == 2 && component.vertical() == 2;
  }

  private boolean namedRgb() {
    return file[frameAt + 6] == 'R' && file[frameAt + 9] == 'G' && file[frameAt + 12] == 'B';
  }

  private static <T> T present(@Nullable T table) throws IrregularFileException {
    if (table == null) {
      throw new IrregularFileException("a table that is not there");
    }
    return table;
  }

  private static void require(boolean regular, String otherwise) throws IrregularFileException {
    if (!regular) {
      throw new IrregularFileException(otherwise);
    }
  }

  private int unsigned16(int index) {
    return unsigned(index) << 8 | unsigned(index + 1);
  }

  private int unsigned(int index) {
    return file[index] & 0xFF;
  }
}
