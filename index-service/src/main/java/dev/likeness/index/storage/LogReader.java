package dev.likeness.index.storage;

import static dev.likeness.index.storage.LogFormat.CRC_OFFSET;
import static dev.likeness.index.storage.LogFormat.HEADER_BYTES;
import static dev.likeness.index.storage.LogFormat.MAX_PAYLOAD_BYTES;
import static dev.likeness.index.storage.LogFormat.RECORD_HEADER_BYTES;
import static dev.likeness.index.storage.LogFormat.RECORD_MAGIC;

import dev.likeness.index.storage.LogFormat.FileHeader;
import dev.likeness.index.storage.LogFormat.Mark;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from the first record to the last valid one and tells a torn tail from damage by the
 * rule of {@link LogFormat}. Changes nothing. For one thread.
 */
public final class LogReader implements AutoCloseable {

  /**
   * What a log holds.
   *
   * @param firstSequence what the file header says
   * @param validLength bytes up to the end of the last valid record
   * @param lastSequence its sequence, or the first sequence less one when there is none
   * @param operationCount puts and deletes, repeated ids counted each time
   * @param tornBytes bytes after {@code validLength}, never acknowledged
   */
  public record Contents(
      long firstSequence,
      long validLength,
      long lastSequence,
      long operationCount,
      long tornBytes) {

    Contents withOperations(long count) {
      return new Contents(firstSequence, validLength, lastSequence, count, tornBytes);
    }
  }

  private final String name;
  private final RandomAccessFile file;
  private final FileHeader header;
  private final Mark mark;
  private ByteBuffer record = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  private LogReader(String name, RandomAccessFile file, FileHeader header, Mark mark) {
    this.name = name;
    this.file = file;
    this.header = header;
    this.mark = mark;
  }

  /**
   * @throws LogDamagedException if the file header cannot be read
   */
  public static LogReader open(Path path) throws IOException {
    String name = path.getFileName().toString();
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    try {
      if (file.length() < HEADER_BYTES) {
        throw new LogDamagedException(name, file.length(), "the file ends within its header");
      }
      byte[] bytes = new byte[HEADER_BYTES];
      file.readFully(bytes);
      FileHeader header = FileHeader.decode(name, bytes);
      return new LogReader(name, file, header, Mark.furthest(bytes, header.firstSequence()));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  public int dimension() {
    return header.dimension();
  }

  public long firstSequence() {
    return header.firstSequence();
  }

  /**
   * Hands every batch to {@code consumer}, in order.
   *
   * @param limit bytes of the file to look at, {@link Long#MAX_VALUE} for all
   * @throws LogDamagedException if acknowledged bytes cannot be read; batches before them were
   *     handed out
   */
  public Contents read(long limit, Consumer<List<VectorChange>> consumer) throws IOException {
    long end = Math.min(limit, file.length());
    long at = HEADER_BYTES;
    long sequence = header.firstSequence() - 1;
    long operations = 0;
    BatchRecord batch = recordAt(at, end, sequence + 1);
    while (batch != null) {
      consumer.accept(batch.changes());
      operations += batch.changes().size();
      at += batch.sizeBytes();
      sequence++;
      batch = recordAt(at, end, sequence + 1);
    }
    long floor = Math.min(limit, durableFloor(at, end, sequence));
    if (at < floor) {
      throw new LogDamagedException(
          name,
          at,
          "batch %d is unreadable although it was acknowledged (checksum or length wrong)"
              .formatted(sequence + 1));
    }
    return new Contents(header.firstSequence(), at, sequence, operations, end - at);
  }

  /** Whether the first record can be read; without it the log may be empty or damaged. */
  boolean begins() throws IOException {
    return recordAt(HEADER_BYTES, file.length(), header.firstSequence()) != null;
  }

  /** The valid record that starts at {@code at} with the expected sequence, or null. */
  private @Nullable BatchRecord recordAt(long at, long end, long sequence) throws IOException {
    ByteBuffer bytes = validBytesAt(at, end);
    if (bytes == null || bytes.getLong(8) != sequence) {
      return null;
    }
    try {
      return BatchRecord.decode(bytes, header.dimension());
    } catch (RuntimeException e) {
      return null;
    }
  }

  private @Nullable ByteBuffer validBytesAt(long at, long end) throws IOException {
    if (end - at < RECORD_HEADER_BYTES) {
      return null;
    }
    file.seek(at);
    file.readFully(record.array(), 0, RECORD_HEADER_BYTES);
    int length = record.getInt(4);
    if (record.getInt(0) != RECORD_MAGIC
        || length < 0
        || length > MAX_PAYLOAD_BYTES
        || end - at - RECORD_HEADER_BYTES < length) {
      return null;
    }
    int size = RECORD_HEADER_BYTES + length;
    grow(size);
    file.readFully(record.array(), RECORD_HEADER_BYTES, length);
    boolean valid = record.getInt(CRC_OFFSET) == BatchRecord.crc(record.array(), 0, size);
    return valid ? record.clear().limit(size) : null;
  }

  private void grow(int size) {
    if (record.capacity() < size) {
      ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      larger.put(record.array(), 0, RECORD_HEADER_BYTES);
      record = larger;
    }
  }

  /** Looks behind an unreadable place for valid records that prove it was durable once. */
  private long durableFloor(long from, long end, long lastSequence) throws IOException {
    long floor = mark.durableLength();
    byte[] window = new byte[1 << 16];
    for (long start = from; start < end && floor <= from; start += window.length - 3) {
      int length = (int) Math.min(window.length, end - start);
      file.seek(start);
      file.readFully(window, 0, length);
      ByteBuffer bytes = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i + 4 <= length; i++) {
        if (window[i] == (byte) RECORD_MAGIC && bytes.getInt(i) == RECORD_MAGIC) {
          ByteBuffer found = validBytesAt(start + i, end);
          if (found != null && found.getLong(8) > lastSequence && found.getLong(16) <= start + i) {
            floor = Math.max(floor, found.getLong(16));
          }
        }
      }
    }
    return floor;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
