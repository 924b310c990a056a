package dev.likeness.index.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The format of {@code vectors.log}, version 1. All numbers are little-endian; {@code u} is
 * unsigned, {@code f32} IEEE 754.
 *
 * <pre>
 * File header, 4096 bytes
 *      0  u64  magic                 "LIKEVLOG"
 *      8  u32  version               1
 *     12  u32  dimension             values per vector
 *     16  u64  first sequence        sequence of the first record of this file
 *     24  u32  CRC32C of bytes 0–23
 *    512  mark A                     see below
 *   1024  mark B
 *         all other bytes are zero and without meaning
 *
 * Mark, 20 bytes: how far the file is known to be durable
 *      0  u64  durable length        in bytes, file header included
 *      8  u64  last sequence         of the last record before that length
 *     16  u32  CRC32C of bytes 0–15
 *
 * Record, one batch, from byte 4096 on without gaps
 *      0  u32  magic                 0x42564B4C
 *      4  u32  payload length        in bytes
 *      8  u64  sequence              one more than that of the record before
 *     16  u64  durable length        of the file when this record was written
 *     24  u32  operation count
 *     28  u32  CRC32C of bytes 0–27 and the payload
 *     32  payload: operations, one after the other
 *
 * Operation
 *      0  u8   kind                  1 = put, 2 = delete
 *      1  u16  id length             in bytes
 *      3  id   UTF-8
 *         for a put only:
 *         u16  payload length        in bytes
 *              payload               see {@link dev.likeness.index.vector.Payload}
 *         f32  values                [dimension], prepared by the similarity
 * </pre>
 *
 * <p><b>How a torn tail is told from damage.</b> A record is acknowledged after the file was
 * forced; then its end is written to the older of the two marks, which the next force makes durable
 * too. A valid record also says how much was durable when it was written. The largest of these
 * lengths is the <i>floor</i>: everything below it was forced, so an unreadable record there is
 * damage and is reported. An unreadable record at or above the floor was never finished: it and
 * what follows is cut off.
 */
final class LogFormat {

  static final long FILE_MAGIC = 0x474F4C56454B494CL; // "LIKEVLOG" read as little-endian
  static final int VERSION = 1;

  /** One page, so that records never share a page with the marks. */
  static final int HEADER_BYTES = 4096;

  static final int FIXED_HEADER_BYTES = 28;

  /** Two sectors: a torn write spoils one mark at most. */
  static final int[] MARK_OFFSETS = {512, 1024};

  static final int MARK_BYTES = 20;

  static final int RECORD_MAGIC = 0x42564B4C;
  static final int RECORD_HEADER_BYTES = 32;
  static final int CRC_OFFSET = 28;

  /** More than any request may carry; a larger length in a file is nonsense. */
  static final int MAX_PAYLOAD_BYTES = 128 << 20;

  static final byte PUT = 1;
  static final byte DELETE = 2;

  private LogFormat() {}

  /** What the fixed part of the file header says. */
  record FileHeader(int dimension, long firstSequence) {

    byte[] encode() {
      ByteBuffer out = buffer(HEADER_BYTES);
      out.putLong(FILE_MAGIC).putInt(VERSION).putInt(dimension).putLong(firstSequence);
      out.putInt(crc(out.array(), 0, out.position()));
      return out.array();
    }

    /**
     * @throws LogDamagedException if it is not such a header
     */
    static FileHeader decode(String file, byte[] bytes) throws LogDamagedException {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (in.getLong(0) != FILE_MAGIC) {
        throw new LogDamagedException(file, 0, "not a vector log");
      }
      if (in.getInt(FIXED_HEADER_BYTES - 4) != crc(bytes, 0, FIXED_HEADER_BYTES - 4)) {
        throw new LogDamagedException(file, 0, "checksum mismatch in the file header");
      }
      if (in.getInt(8) != VERSION) {
        throw new LogDamagedException(
            file, 8, "format version %d, this program reads %d".formatted(in.getInt(8), VERSION));
      }
      return new FileHeader(in.getInt(12), in.getLong(16));
    }
  }

  /** How far the file is durable. */
  record Mark(long durableLength, long lastSequence) {

    byte[] encode() {
      ByteBuffer out = buffer(MARK_BYTES).putLong(durableLength).putLong(lastSequence);
      out.putInt(crc(out.array(), 0, out.position()));
      return out.array();
    }

    /** The furthest valid mark in a file header, or the empty file's. */
    static Mark furthest(byte[] header, long firstSequence) {
      Mark furthest = new Mark(HEADER_BYTES, firstSequence - 1);
      ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      for (int at : MARK_OFFSETS) {
        boolean valid = in.getInt(at + 16) == crc(header, at, 16);
        if (valid && in.getLong(at) > furthest.durableLength) {
          furthest = new Mark(in.getLong(at), in.getLong(at + 8));
        }
      }
      return furthest;
    }
  }

  static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
