package dev.likeness.encoders.jpeg;

import java.util.Arrays;

/**
 * The bytes of a scan without the zeros that follow each 0xFF, and without restart markers; where
 * these were is kept. (ITU-T T.81, B.1.1.5 and F.1.2.3.)
 */
final class EntropyData {

  /** A block takes 64 codes of 31 bits at most, and is read to its end before that is checked. */
  private static final int ROOM_AFTER = 512;

  private static final int END_OF_IMAGE = 0xD9;
  private static final int FIRST_RESTART = 0xD0;

  private final byte[] bytes;
  private int length;
  private int[] ends = new int[1];
  private int parts;

  private EntropyData(int capacity) {
    this.bytes = new byte[capacity + ROOM_AFTER];
  }

  /**
   * @param start of the scan in the file
   * @throws IrregularFileException if the scan is followed by anything but the end of the image
   */
  static EntropyData read(byte[] file, int start) throws IrregularFileException {
    EntropyData data = new EntropyData(file.length - start);
    int from = start;
    while (true) {
      int marker = from;
      while (marker < file.length - 1 && file[marker] != -1) {
        marker++;
      }
      if (marker >= file.length - 1) {
        throw new IrregularFileException("no end of the image");
      }
      int kind = file[marker + 1] & 0xFF;
      data.append(file, from, marker + (kind == 0 ? 1 : 0));
      from = marker + 2;
      if (kind == END_OF_IMAGE) {
        data.endPart();
        return data;
      }
      if (kind == FIRST_RESTART + (data.parts & 7)) {
        data.endPart();
      } else if (kind != 0) {
        throw new IrregularFileException("a marker within the scan");
      }
    }
  }

  private void append(byte[] file, int from, int to) {
    System.arraycopy(file, from, bytes, length, to - from);
    length += to - from;
  }

  private void endPart() {
    if (parts == ends.length) {
      ends = Arrays.copyOf(ends, 2 * parts);
    }
    ends[parts++] = length;
  }

  /** Zeros follow what was read. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Stretches between restarts, at least 1. */
  int parts() {
    return parts;
  }

  /** One past the last byte of a part. */
  int end(int part) {
    return ends[part];
  }
}
