package dev.likeness.index.storage;

import static dev.likeness.index.storage.LogFormat.CRC_OFFSET;
import static dev.likeness.index.storage.LogFormat.DELETE;
import static dev.likeness.index.storage.LogFormat.PUT;
import static dev.likeness.index.storage.LogFormat.RECORD_HEADER_BYTES;
import static dev.likeness.index.storage.LogFormat.RECORD_MAGIC;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One batch of changes as the log stores it; see {@link LogFormat}.
 *
 * @param durableLength of the file when the record was written, in bytes
 * @param sizeBytes of the whole record
 */
record BatchRecord(long sequence, long durableLength, List<VectorChange> changes, int sizeBytes) {

  /** At least the bytes that {@link #encode} makes of these changes. */
  static long encodedBytes(List<VectorChange> changes) {
    long bytes = RECORD_HEADER_BYTES;
    for (VectorChange change : changes) {
      bytes += 3 + change.id().mostBytes();
      if (change instanceof VectorChange.Put put) {
        bytes += 2 + put.payload().sizeBytes() + (long) put.values().length * Float.BYTES;
      }
    }
    return bytes;
  }

  /** Writes the record to {@code out} at its position. */
  static void encode(
      ByteBuffer out, long sequence, long durableLength, List<VectorChange> changes) {
    int start = out.position();
    out.position(start + RECORD_HEADER_BYTES);
    changes.forEach(change -> encode(out, change));
    int end = out.position();
    out.putInt(start, RECORD_MAGIC)
        .putInt(start + 4, end - start - RECORD_HEADER_BYTES)
        .putLong(start + 8, sequence)
        .putLong(start + 16, durableLength)
        .putInt(start + 24, changes.size())
        .putInt(start + CRC_OFFSET, crc(out, start, end - start));
  }

  private static int crc(ByteBuffer record, int start, int length) {
    CRC32C crc = new CRC32C();
    crc.update(record.slice(start, CRC_OFFSET));
    crc.update(record.slice(start + RECORD_HEADER_BYTES, length - RECORD_HEADER_BYTES));
    return (int) crc.getValue();
  }

  static int crc(byte[] bytes, int start, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, CRC_OFFSET);
    crc.update(bytes, start + RECORD_HEADER_BYTES, length - RECORD_HEADER_BYTES);
    return (int) crc.getValue();
  }

  /**
   * Reads a record whose checksum was found right.
   *
   * @param in a record from position to limit
   * @throws RuntimeException if the content contradicts itself in spite of the checksum
   */
  static BatchRecord decode(ByteBuffer in, int dimension) {
    int start = in.position();
    int size = in.remaining();
    int count = in.getInt(start + 24);
    in.position(start + RECORD_HEADER_BYTES);
    List<VectorChange> changes = new ArrayList<>();
    while (in.hasRemaining()) {
      changes.add(decodeChange(in, dimension));
    }
    if (changes.size() != count) {
      throw new IllegalStateException("operation count");
    }
    return new BatchRecord(in.getLong(start + 8), in.getLong(start + 16), changes, size);
  }

  private static void encode(ByteBuffer out, VectorChange change) {
    byte[] id = change.id().toBytes();
    byte kind =
        switch (change) {
          case VectorChange.Put put -> PUT;
          case VectorChange.Delete delete -> DELETE;
        };
    out.put(kind).putShort((short) id.length).put(id);
    if (change instanceof VectorChange.Put put) {
      byte[] payload = put.payload().toBytes();
      out.putShort((short) payload.length).put(payload);
      out.asFloatBuffer().put(put.values());
      out.position(out.position() + put.values().length * Float.BYTES);
    }
  }

  private static VectorChange decodeChange(ByteBuffer in, int dimension) {
    byte kind = in.get();
    VectorId id = VectorId.fromBytes(bytes(in, in.getShort() & 0xFFFF));
    return switch (kind) {
      case DELETE -> new VectorChange.Delete(id);
      case PUT -> {
        Payload payload = Payload.fromBytes(bytes(in, in.getShort() & 0xFFFF));
        float[] values = new float[dimension];
        in.asFloatBuffer().get(values);
        in.position(in.position() + dimension * Float.BYTES);
        yield new VectorChange.Put(id, payload, values);
      }
      default -> throw new IllegalStateException("operation kind");
    };
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
