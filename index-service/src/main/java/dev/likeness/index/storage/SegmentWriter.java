package dev.likeness.index.storage;

import static dev.likeness.index.storage.SegmentFormat.HEADER_BYTES;

import dev.likeness.index.search.FrozenRows;
import dev.likeness.index.storage.SegmentFormat.Header;
import dev.likeness.index.storage.SegmentFormat.Section;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes one segment, section after section, and the header last. For one thread. */
public final class SegmentWriter {

  /** Handed to the device at once. */
  private static final int PART_BYTES = 1 << 20;

  /** Fewer are gathered in a buffer first. */
  private static final int LEAST_PART_BYTES = 128 << 10;

  private final FileOperations files;
  private final RandomAccessFile file;
  private final FrozenRows rows;
  private final int dimension;
  private final long hashSeed;
  private final List<Section> sections = new ArrayList<>();
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(PART_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C checksum = new CRC32C();
  private long written = HEADER_BYTES;
  private long sectionStart;

  private SegmentWriter(
      FileOperations files, RandomAccessFile file, FrozenRows rows, int dimension, long hashSeed) {
    this.files = files;
    this.file = file;
    this.rows = rows;
    this.dimension = dimension;
    this.hashSeed = hashSeed;
  }

  /**
   * Writes and forces a segment; the caller forces the directory.
   *
   * @param rows 1 or more
   * @param hashSeed see {@link SegmentFormat}
   * @return the checksum of the header, which covers those of all sections
   */
  public static int write(
      Path path, FileOperations files, long number, int dimension, FrozenRows rows, long hashSeed)
      throws IOException {
    try (RandomAccessFile file = files.open(path)) {
      files.truncate(file, 0);
      var writer = new SegmentWriter(files, file, rows, dimension, hashSeed);
      writer.writeValues();
      writer.writeOffsets();
      writer.writeTable(writer.writeLabels());
      Header header = new Header(dimension, number, rows.count(), hashSeed, writer.sections);
      files.write(file, 0, header.encode(), HEADER_BYTES);
      files.force(file);
      return header.checksum();
    }
  }

  private void writeValues() throws IOException {
    begin();
    int rowBytes = dimension * Float.BYTES;
    for (int row = 0; row < rows.count(); ) {
      MemorySegment run = rows.values(row, Math.max(1, PART_BYTES / rowBytes));
      append(run);
      row += (int) (run.byteSize() / rowBytes);
    }
    long length = SegmentFormat.valueBytes(rows.count(), dimension);
    zeros(length - (long) rows.count() * dimension * Float.BYTES);
    end();
  }

  private void writeOffsets() throws IOException {
    begin();
    long offset = 0;
    for (int row = 0; row < rows.count(); row++) {
      room(Long.BYTES).putLong(offset);
      offset += Short.BYTES + rows.idBytes(row).length + rows.payload(row).sizeBytes();
    }
    room(Long.BYTES).putLong(offset);
    end();
  }

  /** Answers the hashes of the ids. */
  private int[] writeLabels() throws IOException {
    begin();
    int[] hashes = new int[rows.count()];
    for (int row = 0; row < rows.count(); row++) {
      byte[] id = rows.idBytes(row);
      hashes[row] = SegmentFormat.hash(id, hashSeed);
      byte[] payload = rows.payload(row).toBytes();
      room(Short.BYTES + id.length + payload.length)
          .putShort((short) id.length)
          .put(id)
          .put(payload);
    }
    end();
    return hashes;
  }

  private void writeTable(int[] hashes) throws IOException {
    begin();
    int[] table = new int[SegmentFormat.slots(rows.count())];
    for (int row = 0; row < rows.count(); row++) {
      int slot = hashes[row] & (table.length - 1);
      while (table[slot] != 0) {
        slot = slot + 1 & table.length - 1;
      }
      table[slot] = row + 1;
    }
    for (int entry : table) {
      room(Integer.BYTES).putInt(entry);
    }
    end();
  }

  private void begin() throws IOException {
    zeros(SegmentFormat.aligned(position()) - position());
    flush();
    checksum.reset();
    sectionStart = written;
  }

  private void end() throws IOException {
    flush();
    sections.add(new Section(sectionStart, written - sectionStart, (int) checksum.getValue()));
  }

  private long position() {
    return written + buffer.position();
  }

  private void zeros(long count) throws IOException {
    for (long left = count; left > 0; ) {
      room(1);
      int part = (int) Math.min(left, buffer.remaining());
      buffer.put(new byte[part]);
      left -= part;
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void append(MemorySegment bytes) throws IOException {
    if (bytes.byteSize() >= LEAST_PART_BYTES) {
      flush();
      handOver(bytes);
    } else {
      ByteBuffer room = room((int) bytes.byteSize());
      room.put(bytes.asByteBuffer());
    }
  }

  private void flush() throws IOException {
    if (buffer.position() > 0) {
      handOver(MemorySegment.ofBuffer(buffer.flip()));
      buffer.clear();
    }
  }

  private void handOver(MemorySegment bytes) throws IOException {
    checksum.update(bytes.asByteBuffer());
    files.write(file, written, bytes);
    files.startWriting(file, written, bytes.byteSize()); // or the last force holds up the log
    written += bytes.byteSize();
  }
}
