package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The entries of a zip archive as slices of the mapped file; what {@code java.util.zip} does not
 * give is where an entry's bytes lie.
 *
 * <p>Only stored entries are read: torch never compresses weights, and what is not unpacked cannot
 * swell. Reference: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory),
 * 4.3.14 to 4.3.16 (its end, zip64 and plain), 4.5.3 (zip64 sizes).
 */
final class ZipDirectory {

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final int MOST_ENTRIES = 100_000;
  private static final long IN_ZIP64_EXTRA = 0xFFFFFFFFL;
  private static final int ZIP64_EXTRA = 1;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;

  private final MemorySegment file;
  private final Map<String, MemorySegment> entries = new LinkedHashMap<>();
  private final Map<String, String> unreadable = new HashMap<>();

  private ZipDirectory(MemorySegment file) {
    this.file = file;
  }

  /**
   * @throws CheckpointException if the archive is cut off or contradicts itself
   */
  static ZipDirectory read(MemorySegment file) {
    ZipDirectory directory = new ZipDirectory(file);
    try {
      directory.readEntries();
    } catch (IndexOutOfBoundsException outside) {
      throw new CheckpointException(
          Reason.MALFORMED, "the zip directory points outside the file", outside);
    }
    return directory;
  }

  Set<String> names() {
    return entries.keySet();
  }

  boolean contains(String name) {
    return entries.containsKey(name);
  }

  /**
   * @throws CheckpointException if there is no such entry, or it is compressed or encrypted
   */
  MemorySegment require(String name) {
    String fault = unreadable.get(name);
    if (fault != null) {
      throw new CheckpointException(Reason.UNSUPPORTED, fault);
    }
    MemorySegment bytes = entries.get(name);
    if (bytes == null) {
      throw new CheckpointException(
          Reason.TRUNCATED, "the zip archive lacks the entry '%s'".formatted(name));
    }
    return bytes;
  }

  private void readEntries() {
    long end = findEnd();
    long count = u16(end + 10);
    long position = u32(end + 16);
    long locator = end - LOCATOR_LENGTH;
    if (locator >= 0 && file.get(U32, locator) == LOCATOR_64) {
      long end64 = file.get(U64, locator + 8);
      if (file.get(U32, end64) != END_64) {
        throw malformed("the zip64 directory is not where it should be");
      }
      count = file.get(U64, end64 + 32);
      position = file.get(U64, end64 + 48);
    }
    if (count < 0 || count > MOST_ENTRIES) {
      throw new CheckpointException(
          Reason.LIMIT_EXCEEDED,
          "the zip archive has %s entries, at most %d are read"
              .formatted(Long.toUnsignedString(count), MOST_ENTRIES));
    }
    long payload = 0;
    for (long i = 0; i < count; i++) {
      if (file.get(U32, position) != CENTRAL_HEADER) {
        throw malformed("the zip directory announces %d entries, it has %d".formatted(count, i));
      }
      MemorySegment bytes = addEntry(position);
      payload += bytes.byteSize();
      position += 46L + u16(position + 28) + u16(position + 30) + u16(position + 32);
    }
    if (payload > file.byteSize()) {
      throw malformed("the zip entries overlap: together they are larger than the file");
    }
  }

  private long findEnd() {
    long last = file.byteSize() - END_LENGTH;
    for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (file.get(U32, at) == END) {
        return at;
      }
    }
    throw new CheckpointException(
        Reason.TRUNCATED, "the zip archive has no directory at its end; the file is cut off");
  }

  private MemorySegment addEntry(long header) {
    long nameLength = u16(header + 28);
    String name = text(header + 46, nameLength);
    long packed = u32(header + 20);
    long size = u32(header + 24);
    long local = u32(header + 42);
    long extra = header + 46 + nameLength;
    long extraEnd = extra + u16(header + 30);
    while (extra + 4 <= extraEnd) {
      long field = extra + 4;
      if (u16(extra) == ZIP64_EXTRA) {
        if (size == IN_ZIP64_EXTRA) {
          size = file.get(U64, field);
          field += 8;
        }
        if (packed == IN_ZIP64_EXTRA) {
          packed = file.get(U64, field);
          field += 8;
        }
        if (local == IN_ZIP64_EXTRA) {
          local = file.get(U64, field);
        }
      }
      extra += 4 + u16(extra + 2);
    }
    if (u16(header + 10) != STORED || size != packed || (u16(header + 8) & ENCRYPTED) != 0) {
      unreadable.put(
          name,
          "the zip entry '%s' is compressed or encrypted (%d bytes claim to become %d);"
                  .formatted(name, packed, size)
              + " torch writes entries as they are: save the checkpoint again with torch.save");
    }
    MemorySegment bytes = file.asSlice(dataStart(name, local), packed);
    if (entries.put(name, bytes) != null) {
      throw malformed("the zip archive has the entry '%s' twice".formatted(name));
    }
    return bytes;
  }

  private long dataStart(String name, long local) {
    if (file.get(U32, local) != LOCAL_HEADER) {
      throw malformed("the zip entry '%s' does not start where the directory says".formatted(name));
    }
    return local + 30 + u16(local + 26) + u16(local + 28);
  }

  private String text(long at, long length) {
    return new String(
        file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private int u16(long at) {
    return Short.toUnsignedInt(file.get(U16, at));
  }

  private long u32(long at) {
    return Integer.toUnsignedLong(file.get(U32, at));
  }

  private static CheckpointException malformed(String message) {
    return new CheckpointException(Reason.MALFORMED, message);
  }
}
