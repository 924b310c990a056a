package dev.likeness.index.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The format of {@code segment-<number>}, version 1: rows that never change. All numbers are
 * little-endian; {@code u} is unsigned, {@code f32} IEEE 754.
 *
 * <pre>
 * File header, 4096 bytes
 *      0  u64  magic                 "LIKEVSEG"
 *      8  u32  version               1
 *     12  u32  dimension             values per row
 *     16  u64  number                that of the file name
 *     24  u32  row count             1 or more
 *     28  u32  section count         4
 *     32  u64  hash seed             of the table
 *     40  sections, 24 bytes each, in the order below:
 *              u64 offset, u64 length (both in bytes), u32 CRC32C of the section, u32 kind
 *   4092  u32  CRC32C of bytes 0–4091; bytes without meaning are zero
 *
 * Sections; each begins at a multiple of 4096, gaps are zero
 *   kind 1  values   f32 [row count rounded up to a multiple of 64][dimension]; rows behind the last
 *                    are zero
 *   kind 2  offsets  u64 [row count + 1]: where the label of each row begins in section 3, and its end
 *   kind 3  labels   for each row: u16 id length in bytes, id (UTF-8), payload up to the next label,
 *                    see {@link dev.likeness.index.vector.Payload}
 *   kind 4  table    u32 [slots]: 0 is free, otherwise 1 + a row. slots is the least power of two that
 *                    is 2 or more, and not less than twice the row count. A row lies in slot {@link
 *                    #hash} mod slots or, if that is taken, in the next free one, going round
 * </pre>
 *
 * <p>Ids are distinct. The header and sections 2 to 4 are verified when the file is opened, section
 * 1 soon after and before its rows are copied anywhere.
 */
final class SegmentFormat {

  static final long MAGIC = 0x47455356454B494CL; // "LIKEVSEG" read as little-endian
  static final int VERSION = 1;
  static final int HEADER_BYTES = 4096;
  static final int CRC_OFFSET = HEADER_BYTES - 4;
  static final int SECTIONS_OFFSET = 40;
  static final int SECTION_BYTES = 24;

  /** A page: sections can be mapped, and start where a SIMD register may. */
  static final int ALIGNMENT = 4096;

  /** Kernels read whole groups of rows. */
  static final int ROW_PADDING = 64;

  static final int VALUES = 0;
  static final int OFFSETS = 1;
  static final int LABELS = 2;
  static final int TABLE = 3;
  static final int SECTION_COUNT = 4;

  private SegmentFormat() {}

  /** One part of the file. */
  record Section(long offset, long length, int checksum) {}

  /** What the first page of the file says. */
  record Header(int dimension, long number, int rowCount, long hashSeed, List<Section> sections) {

    byte[] encode() {
      ByteBuffer out = LogFormat.buffer(HEADER_BYTES);
      out.putLong(MAGIC).putInt(VERSION).putInt(dimension).putLong(number).putInt(rowCount);
      out.putInt(SECTION_COUNT).putLong(hashSeed);
      for (int kind = 0; kind < SECTION_COUNT; kind++) {
        Section section = sections.get(kind);
        out.putLong(section.offset).putLong(section.length).putInt(section.checksum);
        out.putInt(kind + 1);
      }
      out.putInt(CRC_OFFSET, LogFormat.crc(out.array(), 0, CRC_OFFSET));
      return out.array();
    }

    int checksum() {
      return ByteBuffer.wrap(encode()).order(ByteOrder.LITTLE_ENDIAN).getInt(CRC_OFFSET);
    }

    /**
     * @throws LogDamagedException if it is not such a header, or does not fit the file
     */
    static Header decode(String file, byte[] bytes, long fileLength) throws LogDamagedException {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (in.getLong(0) != MAGIC) {
        throw new LogDamagedException(file, 0, "not a segment");
      }
      if (in.getInt(CRC_OFFSET) != LogFormat.crc(bytes, 0, CRC_OFFSET)) {
        throw new LogDamagedException(file, 0, "checksum mismatch in the file header");
      }
      if (in.getInt(8) != VERSION) {
        throw new LogDamagedException(
            file, 8, "format version %d, this program reads %d".formatted(in.getInt(8), VERSION));
      }
      List<Section> sections = new ArrayList<>();
      for (int kind = 0; kind < SECTION_COUNT; kind++) {
        int at = SECTIONS_OFFSET + kind * SECTION_BYTES;
        sections.add(new Section(in.getLong(at), in.getLong(at + 8), in.getInt(at + 16)));
      }
      Header header =
          new Header(in.getInt(12), in.getLong(16), in.getInt(24), in.getLong(32), sections);
      if (!header.fits(fileLength)) {
        throw new LogDamagedException(file, 0, "the header does not fit the file");
      }
      return header;
    }

    private boolean fits(long fileLength) {
      long end = HEADER_BYTES;
      for (Section section : sections) {
        boolean follows = section.offset == aligned(end) && section.length >= 0;
        if (!follows || section.length > fileLength - section.offset) {
          return false;
        }
        end = section.offset + section.length;
      }
      return end == fileLength
          && dimension > 0
          && rowCount > 0
          && sections.get(VALUES).length == valueBytes(rowCount, dimension)
          && sections.get(OFFSETS).length == (rowCount + 1L) * Long.BYTES
          && sections.get(TABLE).length == (long) slots(rowCount) * Integer.BYTES;
    }
  }

  static long aligned(long offset) {
    return Math.ceilDiv(offset, (long) ALIGNMENT) * ALIGNMENT;
  }

  static long valueBytes(int rowCount, int dimension) {
    return Math.ceilDiv(rowCount, (long) ROW_PADDING) * ROW_PADDING * dimension * Float.BYTES;
  }

  static int slots(int rowCount) {
    return Integer.highestOneBit(Math.max(1, 2 * rowCount - 1)) * 2;
  }

  /** A seed of its own for each file keeps ids that collide in one from colliding in the next. */
  static int hash(byte[] id, long seed) {
    long hash = seed;
    for (byte part : id) {
      hash = (hash ^ (part & 0xFF)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return (int) (hash ^ hash >>> 29) & Integer.MAX_VALUE;
  }
}
