package dev.likeness.index.storage;

import static dev.likeness.index.storage.SegmentFormat.HEADER_BYTES;
import static dev.likeness.index.storage.SegmentFormat.LABELS;
import static dev.likeness.index.storage.SegmentFormat.OFFSETS;
import static dev.likeness.index.storage.SegmentFormat.TABLE;
import static dev.likeness.index.storage.SegmentFormat.VALUES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.likeness.index.search.IdHash;
import dev.likeness.index.search.SealedRows;
import dev.likeness.index.storage.SegmentFormat.Header;
import dev.likeness.index.storage.SegmentFormat.Section;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A mapped segment; {@link SegmentFormat} has its format. Safe for any thread. */
public final class Segment implements SealedRows {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Bytes per step of a checksum, below the limit of a buffer. */
  private static final long CHECK_STEP = 64L << 20;

  private final String name;
  private final Header header;
  private final Arena arena;
  private final List<MemorySegment> sections;
  private volatile short @Nullable [] tags;

  private Segment(String name, Header header, Arena arena, List<MemorySegment> sections) {
    this.name = name;
    this.header = header;
    this.arena = arena;
    this.sections = sections;
  }

  /**
   * Maps a segment and verifies all but its values, which {@link #verifyValues} does.
   *
   * @throws LogDamagedException if it is not what was written
   */
  public static Segment open(Path path, int dimension) throws IOException {
    String name = path.getFileName().toString();
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() < HEADER_BYTES) {
        throw new LogDamagedException(name, channel.size(), "the file ends within its header");
      }
      MemorySegment all = MappedFile.map(channel, arena);
      byte[] first = all.asSlice(0, HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
      Header header = Header.decode(name, first, channel.size());
      if (header.dimension() != dimension) {
        throw new LogDamagedException(
            name, 12, "dimension %d instead of %d".formatted(header.dimension(), dimension));
      }
      List<MemorySegment> sections =
          header.sections().stream()
              .map(part -> all.asSlice(part.offset(), part.length()))
              .toList();
      Segment segment = new Segment(name, header, arena, sections);
      segment.verify(OFFSETS);
      segment.verify(LABELS);
      segment.verify(TABLE);
      segment.verifyOffsets();
      return segment;
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Reads all values once, which also brings them into memory, and the ids, so that they are found
   * sooner.
   *
   * @throws LogDamagedException if they are not what was written
   */
  public void verifyValues() throws LogDamagedException {
    verify(VALUES);
    if (tags == null) {
      tags = tagged();
    }
  }

  /** Covers the checksums of all sections. */
  public int headerChecksum() {
    return header.checksum();
  }

  public String name() {
    return name;
  }

  public long number() {
    return header.number();
  }

  public long sizeBytes() {
    Section last = header.sections().getLast();
    return last.offset() + last.length();
  }

  @Override
  public int count() {
    return header.rowCount();
  }

  @Override
  public int dimension() {
    return header.dimension();
  }

  @Override
  public MemorySegment values() {
    return sections.get(VALUES);
  }

  @Override
  public byte[] idBytes(int row) {
    return storedId(row).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public Payload payload(int row) {
    long start = offset(row);
    long from = start + Short.BYTES + idLength(start);
    long length = offset(row + 1) - from;
    return length == 0
        ? Payload.EMPTY
        : Payload.fromStored(
            sections.get(LABELS).asSlice(from, length).toArray(ValueLayout.JAVA_BYTE));
  }

  /** A copy of one row. */
  public VectorChange.Put read(int row) {
    float[] values = new float[dimension()];
    long from = (long) row * values.length * Float.BYTES;
    MemorySegment.copy(values(), FLOAT, from, values, 0, values.length);
    return new VectorChange.Put(VectorId.fromBytes(idBytes(row)), payload(row), values);
  }

  @Override
  public OptionalInt find(byte[] wanted, long hash) {
    short[] known = tags;
    return known == null || mayHold(known, hash) ? find(wanted) : OptionalInt.empty();
  }

  @Override
  public int touch(long[] hashes) {
    short[] known = tags;
    int sum = 0;
    if (known != null) {
      for (long hash : hashes) {
        sum += known[(int) hash & (known.length - 1)];
      }
    }
    return sum;
  }

  private OptionalInt find(byte[] wanted) {
    int slots = SegmentFormat.slots(count());
    int slot = SegmentFormat.hash(wanted, header.hashSeed()) & (slots - 1);
    for (int entry = entry(slot); entry != 0; entry = entry(slot)) {
      if (storedId(entry - 1).mismatch(MemorySegment.ofArray(wanted)) == -1) {
        return OptionalInt.of(entry - 1);
      }
      slot = (slot + 1) & (slots - 1);
    }
    return OptionalInt.empty();
  }

  /** False for most ids that are not here, for which the file need not be looked at. */
  private static boolean mayHold(short[] known, long hash) {
    short tag = tag(hash);
    int slot = (int) hash & (known.length - 1);
    for (short found = known[slot]; found != 0; found = known[slot]) {
      if (found == tag) {
        return true;
      }
      slot = (slot + 1) & (known.length - 1);
    }
    return false;
  }

  /** A table of its own, by the hashes of this process: 0 for a free slot, otherwise a tag. */
  private short[] tagged() {
    short[] fresh = new short[SegmentFormat.slots(count())];
    for (int row = 0; row < count(); row++) {
      long hash = IdHash.of(storedId(row).toArray(ValueLayout.JAVA_BYTE));
      int slot = (int) hash & (fresh.length - 1);
      while (fresh[slot] != 0) {
        slot = (slot + 1) & (fresh.length - 1);
      }
      fresh[slot] = tag(hash);
    }
    return fresh;
  }

  /** Never 0; of the bits of a hash those that the slot does not tell. */
  private static short tag(long hash) {
    return (short) ((hash >>> 48) | 0x8000);
  }

  @Override
  public void close() {
    arena.close();
  }

  private int entry(int slot) {
    return sections.get(TABLE).get(INT, (long) slot * Integer.BYTES);
  }

  private long offset(int row) {
    return sections.get(OFFSETS).get(LONG, (long) row * Long.BYTES);
  }

  private int idLength(long labelStart) {
    return sections.get(LABELS).get(SHORT, labelStart) & 0xFFFF;
  }

  private MemorySegment storedId(int row) {
    long start = offset(row);
    return sections.get(LABELS).asSlice(start + Short.BYTES, idLength(start));
  }

  private void verify(int kind) throws LogDamagedException {
    Section section = header.sections().get(kind);
    CRC32C crc = new CRC32C();
    try {
      for (long at = 0; at < section.length(); at += CHECK_STEP) {
        long part = Math.min(CHECK_STEP, section.length() - at);
        crc.update(sections.get(kind).asSlice(at, part).asByteBuffer());
      }
    } catch (InternalError e) { // so the JVM reports that a mapped page cannot be read
      throw new LogDamagedException(
          name, section.offset(), "the device cannot read section %d".formatted(kind + 1));
    }
    if ((int) crc.getValue() != section.checksum()) {
      throw new LogDamagedException(
          name, section.offset(), "checksum mismatch in section %d".formatted(kind + 1));
    }
  }

  /** A writer's mistake must not become a reader's crash in the middle of a search. */
  private void verifyOffsets() throws LogDamagedException {
    long labels = sections.get(LABELS).byteSize();
    long next = 0;
    boolean consistent = offset(0) == 0 && offset(count()) == labels;
    for (int row = 0; row < count() && consistent; row++) {
      long start = next;
      next = offset(row + 1);
      consistent =
          next <= labels
              && next - start > Short.BYTES
              && next - start - Short.BYTES >= idLength(start);
    }
    if (!consistent) {
      throw new LogDamagedException(
          name, header.sections().get(OFFSETS).offset(), "labels overlap");
    }
  }
}
