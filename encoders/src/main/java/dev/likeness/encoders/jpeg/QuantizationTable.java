package dev.likeness.encoders.jpeg;

/** 64 factors in the order of the file (zigzag). */
final class QuantizationTable {

  private final int[] factors = new int[64];

  /**
   * @param wide whether the factors have two bytes
   */
  QuantizationTable(byte[] file, int at, boolean wide) {
    for (int i = 0; i < factors.length; i++) {
      factors[i] =
          wide
              ? (file[at + 2 * i] & 0xFF) << 8 | (file[at + 2 * i + 1] & 0xFF)
              : file[at + i] & 0xFF;
    }
  }

  int factor(int index) {
    return factors[index];
  }
}
