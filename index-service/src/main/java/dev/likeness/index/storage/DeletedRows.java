package dev.likeness.index.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * The file {@code deleted-<segment>-<generation>}, version 1: which rows of a segment are deleted.
 * All numbers are little-endian, {@code u} is unsigned. It is never changed; a new generation
 * replaces it.
 *
 * <pre>
 *      0  u64  magic                 "LIKEVDEL"
 *      8  u32  version               1
 *     12  u32  row count             of the segment
 *     16  u64  segment               its number
 *     24  u64 [row count / 64, rounded up]: bit r mod 64 of word r / 64 is set if row r is deleted
 *         u32  CRC32C of all bytes before it
 * </pre>
 */
public final class DeletedRows {

  private static final long MAGIC = 0x4C454456454B494CL; // "LIKEVDEL" read as little-endian
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 24;

  private DeletedRows() {}

  /** Writes and forces the file; the caller forces the directory. */
  public static void write(
      Path path, FileOperations files, long segment, int rowCount, BitSet deleted)
      throws IOException {
    int length = length(rowCount);
    ByteBuffer out = LogFormat.buffer(length);
    out.putLong(MAGIC).putInt(VERSION).putInt(rowCount).putLong(segment);
    for (long word : deleted.toLongArray()) {
      out.putLong(word);
    }
    out.putInt(length - Integer.BYTES, LogFormat.crc(out.array(), 0, length - Integer.BYTES));
    try (RandomAccessFile file = files.open(path)) {
      files.truncate(file, 0);
      files.write(file, 0, out.array(), length);
      files.force(file);
    }
  }

  /**
   * @throws LogDamagedException if the file is not what was written for this segment
   */
  public static BitSet read(Path path, long segment, int rowCount) throws IOException {
    String name = path.getFileName().toString();
    int length = length(rowCount);
    if (Files.size(path) != length) {
      throw new LogDamagedException(
          name, 0, "%d bytes instead of %d".formatted(Files.size(path), length));
    }
    byte[] bytes = Files.readAllBytes(path);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean valid =
        bytes.length == length
            && in.getInt(length - Integer.BYTES) == LogFormat.crc(bytes, 0, length - Integer.BYTES)
            && in.getLong(0) == MAGIC;
    if (!valid) {
      throw new LogDamagedException(name, 0, "checksum mismatch");
    }
    if (in.getInt(8) != VERSION || in.getInt(12) != rowCount || in.getLong(16) != segment) {
      throw new LogDamagedException(name, 8, "it is of another version or segment");
    }
    BitSet deleted =
        BitSet.valueOf(in.slice(HEADER_BYTES, length - HEADER_BYTES - 4).order(in.order()));
    if (deleted.length() > rowCount) {
      throw new LogDamagedException(name, HEADER_BYTES, "rows that do not exist are deleted");
    }
    return deleted;
  }

  private static int length(int rowCount) {
    return HEADER_BYTES + Math.ceilDiv(rowCount, Long.SIZE) * Long.BYTES + Integer.BYTES;
  }
}
