package dev.likeness.index.storage;

import static dev.likeness.index.storage.LogFormat.HEADER_BYTES;
import static dev.likeness.index.storage.LogFormat.MARK_OFFSETS;

import dev.likeness.index.storage.LogFormat.FileHeader;
import dev.likeness.index.storage.LogFormat.Mark;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The append-only file of one collection; {@link LogFormat} has its format. {@link #append} returns
 * after the batches are on the device. Used by one thread at a time; {@link GroupCommit} sees to
 * it.
 *
 * <p>When a write fails, the file is cut back to its former length and the log goes on. When that
 * fails too, or when a force fails (after which nobody knows what the device holds), the log takes
 * no more writes until it is opened again.
 */
public final class VectorLog implements AutoCloseable {

  private static final Logger LOG = System.getLogger(VectorLog.class.getName());

  /** Opening a log: it, ready for appending, and what was found in it. */
  public record Opened(VectorLog log, LogReader.Contents contents) {}

  private final FileOperations files;
  private volatile Path path;
  private RandomAccessFile file;
  private volatile long length;

  /** The device begins with the first part while the next is handed over. */
  private static final int PART_BYTES = 512 << 10;

  /** Bytes of the file that were written once, by this log or before it. */
  private volatile long fileBytes;

  private SoftReference<ByteBuffer> lastBuffer = new SoftReference<>(null);
  private long lastSequence;
  private int nextMark;
  private volatile @Nullable String brokenBecause;

  private VectorLog(
      Path path, FileOperations files, RandomAccessFile file, long length, long lastSequence) {
    this.path = path;
    this.files = files;
    this.file = file;
    this.length = length;
    this.fileBytes = length;
    this.lastSequence = lastSequence;
  }

  /** Makes an empty log and forces it; the caller forces the directory. */
  public static void create(Path path, FileOperations files, int dimension, long firstSequence)
      throws IOException {
    try (RandomAccessFile file = files.open(path)) {
      files.truncate(file, 0);
      files.write(file, 0, new FileHeader(dimension, firstSequence).encode(), HEADER_BYTES);
      files.force(file);
    }
  }

  /**
   * Replays a log and cuts a torn tail off.
   *
   * @throws LogDamagedException if acknowledged bytes cannot be read; the file is left as it is
   */
  public static Opened open(
      Path path, int dimension, FileOperations files, Consumer<List<VectorChange>> consumer)
      throws IOException {
    LogReader.Contents contents;
    try (LogReader reader = LogReader.open(path)) {
      if (reader.dimension() != dimension) {
        throw new LogDamagedException(
            path.getFileName().toString(),
            12,
            "dimension %d instead of %d".formatted(reader.dimension(), dimension));
      }
      contents = reader.read(Long.MAX_VALUE, consumer);
    }
    RandomAccessFile file = files.open(path);
    try {
      if (contents.tornBytes() > 0) {
        files.truncate(file, contents.validLength());
        files.force(file);
      }
      VectorLog log =
          new VectorLog(path, files, file, contents.validLength(), contents.lastSequence());
      log.forceAndMark();
      return new Opened(log, contents);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Writes one record per batch and returns when all are on the device.
   *
   * @return the sequence of the last batch
   * @throws IOException if the disk refuses; then none of the batches will be found again, unless
   *     {@link #brokenBecause} says that this is uncertain
   */
  public long append(List<List<VectorChange>> batches) throws IOException {
    return append(batches, () -> {});
  }

  /**
   * As {@link #append(List)}.
   *
   * @param meanwhile is run while the device writes, unless the bytes could not be handed to it;
   *     throws nothing
   */
  long append(List<List<VectorChange>> batches, Runnable meanwhile) throws IOException {
    String broken = brokenBecause;
    if (broken != null) {
      throw new IOException(broken);
    }
    ByteBuffer bytes = encode(batches);
    try {
      write(bytes);
    } catch (IOException e) {
      cutBack(e);
      throw e;
    }
    files.startWriting(file, 0, HEADER_BYTES); // the mark of last time, or forcing begins with it
    meanwhile.run();
    try {
      files.forceData(file);
    } catch (IOException e) {
      cutBack(e);
      brokenBecause = "the disk failed to confirm a write (%s)".formatted(e.getMessage());
      throw e;
    }
    long end = length + bytes.position();
    length = end;
    fileBytes = Math.max(fileBytes, end);
    lastSequence += batches.size();
    mark();
    return lastSequence;
  }

  /**
   * Makes an empty log of the file of one that is no longer needed, and forces it; the caller
   * forces the directory. Its old records lie behind the new ones until they are overwritten: their
   * sequences are too small to be taken for new ones. Overwriting is quicker than growing, because
   * the file system has nothing to note.
   */
  static void recycle(Path old, Path path, FileOperations files, int dimension, long firstSequence)
      throws IOException {
    try (RandomAccessFile file = files.open(old)) {
      files.write(file, 0, new FileHeader(dimension, firstSequence).encode(), HEADER_BYTES);
      files.force(file);
    }
    files.move(old, path);
  }

  /** Opens the file of an empty log for {@link #continueIn}. */
  RandomAccessFile openNext(Path next) throws IOException {
    return files.open(next);
  }

  /**
   * Goes on in an empty log, whose first sequence follows the last of this one.
   *
   * @param nextBytes length of its file, with what is behind its header
   */
  void continueIn(Path next, RandomAccessFile nextFile, long nextBytes) {
    closeQuietly();
    path = next;
    file = nextFile;
    length = HEADER_BYTES;
    fileBytes = nextBytes;
    nextMark = 0;
    mark();
  }

  /** Empty while the log takes writes; otherwise why not. */
  public Optional<String> brokenBecause() {
    return Optional.ofNullable(brokenBecause);
  }

  /** Takes no more writes until the log is opened again. */
  public void refuseWrites(String reason) {
    brokenBecause = reason;
  }

  /** Bytes of the file that are durable. */
  public long length() {
    return length;
  }

  /** Bytes that can be appended before the file has to grow. */
  public long room() {
    return fileBytes - length;
  }

  public long lastSequence() {
    return lastSequence;
  }

  public Path path() {
    return path;
  }

  /**
   * Copies the first {@code durableLength} bytes of a log to a new file, whose mark covers them
   * all, and forces it.
   *
   * @return CRC32C of the records, without the file header
   */
  public static long copy(
      Path from, long durableLength, long lastSequence, Path to, FileOperations files)
      throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(from.toFile(), "r");
        RandomAccessFile out = files.open(to)) {
      byte[] header = new byte[HEADER_BYTES];
      in.readFully(header);
      FileHeader fixed = FileHeader.decode(from.getFileName().toString(), header);
      files.truncate(out, 0);
      files.write(out, 0, fixed.encode(), HEADER_BYTES);
      CRC32C crc = new CRC32C();
      byte[] bytes = new byte[1 << 20];
      for (long at = HEADER_BYTES; at < durableLength; ) {
        int part = (int) Math.min(bytes.length, durableLength - at);
        in.readFully(bytes, 0, part);
        crc.update(bytes, 0, part);
        files.write(out, at, bytes, part);
        at += part;
      }
      byte[] mark = new Mark(durableLength, lastSequence).encode();
      files.write(out, MARK_OFFSETS[0], mark, mark.length);
      files.force(out);
      return crc.getValue();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Everything is forced already, so a failure to close costs nothing. */
  public void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} could not be closed: {1}", path, e.getMessage());
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    for (int from = 0; from < bytes.position(); from += PART_BYTES) {
      int part = Math.min(PART_BYTES, bytes.position() - from);
      files.write(file, length + from, MemorySegment.ofBuffer(bytes.slice(from, part)));
      files.startWriting(file, length + from, part);
    }
  }

  private ByteBuffer encode(List<List<VectorChange>> batches) {
    long most = batches.stream().mapToLong(BatchRecord::encodedBytes).sum();
    ByteBuffer bytes = buffer(Math.toIntExact(most));
    long sequence = lastSequence;
    for (List<VectorChange> batch : batches) {
      BatchRecord.encode(bytes, ++sequence, length, batch);
    }
    return bytes;
  }

  /** The one of last time if it is large enough and memory was not short since. */
  private ByteBuffer buffer(int bytes) {
    ByteBuffer former = lastBuffer.get();
    if (former != null && former.capacity() >= bytes) {
      return former.clear();
    }
    ByteBuffer fresh = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    lastBuffer = new SoftReference<>(fresh);
    return fresh;
  }

  private void cutBack(IOException cause) {
    try {
      files.truncate(file, length);
      fileBytes = length;
      files.force(file);
    } catch (IOException e) {
      brokenBecause =
          "a write failed (%s) and could not be undone (%s)"
              .formatted(cause.getMessage(), e.getMessage());
    }
  }

  private void forceAndMark() throws IOException {
    files.force(file);
    mark();
  }

  /** Failing here loses nothing, but says that the disk is in trouble. */
  private void mark() {
    byte[] bytes = new Mark(length, lastSequence).encode();
    try {
      files.write(file, MARK_OFFSETS[nextMark], bytes, bytes.length);
      nextMark = 1 - nextMark;
    } catch (IOException e) {
      brokenBecause = "the durable length could not be noted (%s)".formatted(e.getMessage());
    }
  }
}
