package dev.likeness.encoders.jpeg;

/**
 * A canonical Huffman code (ITU-T T.81, annexes C and F.2.2.3). A symbol's low four bits are the
 * number of bits that follow its code.
 *
 * <p>What is found is an entry: the symbol in bits 16 to 23, the length of its code in bits 8 to
 * 15, that of code and following bits together in bits 0 to 7; 0 for bits that are no code.
 */
final class HuffmanTable {

  private static final int LONGEST = 16;

  /** Nearly all codes of a photo are shorter; 1,024 entries stay in the nearest cache. */
  private static final int QUICK_BITS = 10;

  private final int[] quick = new int[1 << QUICK_BITS];
  private final int[] entries;

  /** Per length: one past the last code, aligned to 16 bits; and the entry of code 0. */
  private final int[] ends = new int[LONGEST + 1];

  private final int[] offsets = new int[LONGEST + 1];

  private HuffmanTable(int symbolCount) {
    this.entries = new int[symbolCount];
  }

  /**
   * @param at where the 16 counts of codes per length begin; the symbols follow
   * @param end one past the segment
   * @throws IrregularFileException if the counts are those of no code
   */
  static HuffmanTable read(byte[] file, int at, int end, int largestSymbol)
      throws IrregularFileException {
    int symbolCount = symbolCount(file, at, end);
    HuffmanTable table = new HuffmanTable(symbolCount);
    int code = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      table.offsets[length] = index - code;
      for (int i = file[at + length - 1] & 0xFF; i > 0; i--, code++, index++) {
        int symbol = file[at + LONGEST + index] & 0xFF;
        if (symbol > largestSymbol) {
          throw new IrregularFileException("an impossible symbol");
        }
        table.put(code, length, index, symbol);
      }
      // a code of ones alone is not allowed
      if (code >= 1 << length) {
        throw new IrregularFileException("more codes than there are");
      }
      table.ends[length] = code << (LONGEST - length);
      code <<= 1;
    }
    return table;
  }

  /** Symbols of the table at a place; it takes 16 bytes more than that. */
  static int symbolCount(byte[] file, int at, int end) throws IrregularFileException {
    int count = 0;
    for (int length = 0; length < LONGEST && at + length < end; length++) {
      count += file[at + length] & 0xFF;
    }
    if (count > 256 || at + LONGEST + count > end) {
      throw new IrregularFileException("a Huffman table longer than its segment");
    }
    return count;
  }

  private void put(int code, int length, int index, int symbol) throws IrregularFileException {
    if (code >= 1 << length) {
      throw new IrregularFileException("more codes than there are");
    }
    entries[index] = symbol << 16 | length << 8 | length + (symbol & 15);
    if (length <= QUICK_BITS) {
      int first = code << (QUICK_BITS - length);
      int count = 1 << (QUICK_BITS - length);
      for (int i = 0; i < count; i++) {
        quick[first + i] = entries[index];
      }
    }
  }

  /**
   * @param window the next bits, from the highest on
   */
  int entry(long window) {
    int entry = quick[(int) (window >>> (Long.SIZE - QUICK_BITS))];
    return entry != 0 ? entry : longEntry((int) (window >>> (Long.SIZE - LONGEST)));
  }

  private int longEntry(int bits) {
    for (int length = QUICK_BITS + 1; length <= LONGEST; length++) {
      if (bits < ends[length]) {
        return entries[offsets[length] + (bits >> (LONGEST - length))];
      }
    }
    return 0;
  }
}
