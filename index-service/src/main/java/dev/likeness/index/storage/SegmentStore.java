package dev.likeness.index.storage;

import dev.likeness.index.search.FrozenRows;
import dev.likeness.index.storage.StoreManifest.Entry;
import dev.likeness.index.storage.StoreManifest.LogEntry;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The files of one collection: segments with their deleted rows, and the logs of what came after
 * them. What the file {@code store} names is what counts; it changes in one step, and files that it
 * no longer names are removed afterwards.
 *
 * <p>Safe for any thread; the caller sees to it that nothing is appended to the log during {@link
 * #rotate}.
 */
public final class SegmentStore {

  /** A segment, and which of its rows are deleted. */
  public record Part(Segment segment, BitSet deleted) {}

  private static final Logger LOG = System.getLogger(SegmentStore.class.getName());

  private final Path directory;
  private final int dimension;
  private final FileOperations files;
  private final LogChain logs;
  private final SpareLog spare;
  private StoreManifest manifest;
  private volatile long earlierLogBytes;
  private long nextNumber;

  private SegmentStore(
      Path directory,
      int dimension,
      long spareBytes,
      FileOperations files,
      StoreManifest manifest,
      long next) {
    this.directory = directory;
    this.dimension = dimension;
    this.files = files;
    this.logs = new LogChain(directory, dimension, files);
    this.spare = new SpareLog(directory, spareBytes, files);
    this.manifest = manifest;
    this.nextNumber = next;
  }

  /** Makes the files of an empty collection; the caller forces the directory. */
  public static void create(Path directory, FileOperations files, int dimension)
      throws IOException {
    VectorLog.create(directory.resolve(StoreManifest.FIRST_LOG), files, dimension, 1);
    StoreManifest.ofLog(1).write(directory, files);
  }

  /**
   * Reads which files there are. A directory of the first format, which has one log only, is taken
   * as it is.
   *
   * @param spareBytes a log of at least this length is kept for the next one when it is not needed
   *     any more
   * @throws LogDamagedException if that cannot be read
   */
  public static SegmentStore open(
      Path directory, int dimension, long spareBytes, FileOperations files) throws IOException {
    StoreManifest manifest =
        StoreManifest.file(directory, files).exists()
            ? StoreManifest.read(directory, files)
            : ofFirstFormat(directory);
    long largest = 0;
    try (var paths = Files.newDirectoryStream(directory, "{segment,deleted}-*")) {
      for (Path path : paths) {
        for (String part : path.getFileName().toString().split("-", -1)) {
          largest = Math.max(largest, part.matches("\\d{1,18}") ? Long.parseLong(part) : 0);
        }
      }
    }
    return new SegmentStore(directory, dimension, spareBytes, files, manifest, largest + 1);
  }

  private static StoreManifest ofFirstFormat(Path directory) throws IOException {
    try (var others = Files.newDirectoryStream(directory, "{segment-*,vectors-*.log}")) {
      if (others.iterator().hasNext()) {
        throw new LogDamagedException("store", 0, "the file is missing");
      }
    }
    try (LogReader reader = LogReader.open(directory.resolve(StoreManifest.FIRST_LOG))) {
      return StoreManifest.ofLog(reader.firstSequence());
    }
  }

  /**
   * Maps all segments. Their values are not verified yet.
   *
   * @throws LogDamagedException if one is missing or not what was written
   */
  public synchronized List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    try {
      for (Entry entry : manifest.segments()) {
        Path path = StoreManifest.existing(directory, entry.fileName());
        Segment segment = Segment.open(path, dimension);
        parts.add(new Part(segment, new BitSet()));
        if (segment.headerChecksum() != entry.headerChecksum()
            || segment.count() != entry.rowCount()
            || segment.number() != entry.number()) {
          throw new LogDamagedException(entry.fileName(), 0, "it is not the one that was stored");
        }
        if (entry.generation() > 0) {
          Path deleted = StoreManifest.existing(directory, entry.deletedFileName());
          parts.getLast().deleted().or(DeletedRows.read(deleted, entry.number(), entry.rowCount()));
        }
      }
      return parts;
    } catch (IOException | RuntimeException e) {
      parts.forEach(part -> part.segment().close());
      throw e;
    }
  }

  /** Names of the files that hold the rows, the newest log last. */
  public synchronized List<String> fileNames() {
    List<String> names = new ArrayList<>();
    for (Entry entry : manifest.segments()) {
      names.add(entry.fileName());
      if (entry.generation() > 0) {
        names.add(entry.deletedFileName());
      }
    }
    manifest.logs().forEach(log -> names.add(log.fileName()));
    return names;
  }

  /** Writes the file that says which files there are to another directory. */
  public synchronized void writeManifestTo(Path other) throws IOException {
    manifest.write(other, files);
  }

  public Path directory() {
    return directory;
  }

  /**
   * Hands out every change since the segments, in order, and opens the newest log for appending.
   *
   * @throws LogDamagedException if acknowledged changes cannot be read
   */
  public synchronized VectorLog.Opened replay(Consumer<List<VectorChange>> consumer)
      throws IOException {
    if (logs.isNewestUnused(manifest)) {
      publish(manifest.withoutNewestLog());
    }
    VectorLog.Opened opened = logs.replay(manifest, consumer);
    removeLeftovers();
    earlierLogBytes = bytesBeforeNewestLog();
    return opened;
  }

  /**
   * Hands out the same changes again, those of the newest log up to a length.
   *
   * @throws LogDamagedException if one cannot be read
   */
  public synchronized void reread(long durableLength, Consumer<List<VectorChange>> consumer)
      throws IOException {
    logs.reread(manifest, durableLength, consumer);
  }

  /**
   * Lets the log go on in a new file, unless the newest is empty. When it fails, the log goes on
   * where it was.
   */
  public synchronized void rotate(VectorLog log) throws IOException {
    if (log.lastSequence() < manifest.newestLog().firstSequence()) {
      return; // another of that name would take the place of the file that is written to
    }
    if (!StoreManifest.file(directory, files).exists()) {
      manifest.write(directory, files);
    }
    long first = log.lastSequence() + 1;
    Path next = directory.resolve("vectors-%d.log".formatted(first));
    spare.becomeLog(next, dimension, first);
    files.forceDirectory(directory);
    RandomAccessFile nextFile = log.openNext(next);
    long nextBytes;
    try {
      nextBytes = nextFile.length();
      publish(manifest.withLog(new LogEntry(first, next.getFileName().toString())));
    } catch (IOException e) {
      nextFile.close();
      throw e;
    }
    log.continueIn(next, nextFile, nextBytes);
  }

  /** Makes a file of this length for the next log, unless there is one; a failure is none. */
  public void prepareSpare(long bytes) {
    spare.prepare(bytes);
  }

  /** Bytes of the logs that went before the newest and are not sealed. */
  public long earlierLogBytes() {
    return earlierLogBytes;
  }

  private long bytesBeforeNewestLog() {
    return manifest.logs().subList(0, manifest.logs().size() - 1).stream()
        .mapToLong(log -> directory.resolve(log.fileName()).toFile().length())
        .sum();
  }

  /** Writes, forces, maps and verifies a segment that nobody knows of yet. */
  public Segment write(FrozenRows rows) throws IOException {
    long number = takeNumber();
    Path path = directory.resolve("segment-" + number);
    long seed = number * 0x9E3779B97F4A7C15L ^ System.nanoTime();
    SegmentWriter.write(path, files, number, dimension, rows, seed);
    files.forceDirectory(directory);
    Segment segment = Segment.open(path, dimension);
    try {
      segment.verifyValues();
      return segment;
    } catch (IOException e) {
      segment.close();
      throw e;
    }
  }

  private synchronized long takeNumber() {
    return nextNumber++;
  }

  /**
   * Makes the state before the newest log that of the segments: the other logs are not needed any
   * more.
   *
   * @param added new segments
   * @param deleted of the other segments, by number, where rows were deleted since they were stored
   */
  public synchronized void checkpoint(List<Segment> added, Map<Long, BitSet> deleted)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : manifest.segments()) {
      BitSet rows = deleted.get(entry.number());
      if (rows == null) {
        entries.add(entry);
        continue;
      }
      Entry next =
          new Entry(entry.number(), entry.rowCount(), entry.headerChecksum(), nextNumber++);
      Path path = directory.resolve(next.deletedFileName());
      DeletedRows.write(path, files, entry.number(), entry.rowCount(), rows);
      entries.add(next);
    }
    files.forceDirectory(directory);
    added.forEach(segment -> entries.add(entry(segment)));
    LogEntry newest = manifest.newestLog();
    publish(new StoreManifest(newest.firstSequence() - 1, entries, List.of(newest)));
    removeLeftovers();
  }

  /** Puts segments in the place of others that hold the same rows. */
  public synchronized void replace(List<Segment> old, List<Segment> by) throws IOException {
    Set<Long> gone = new HashSet<>();
    old.forEach(segment -> gone.add(segment.number()));
    List<Entry> entries = new ArrayList<>(manifest.segments());
    entries.removeIf(entry -> gone.contains(entry.number()));
    by.forEach(segment -> entries.add(entry(segment)));
    publish(new StoreManifest(manifest.checkpoint(), entries, manifest.logs()));
    removeLeftovers();
  }

  private static Entry entry(Segment segment) {
    return new Entry(segment.number(), segment.count(), segment.headerChecksum(), 0);
  }

  private void publish(StoreManifest next) throws IOException {
    next.write(directory, files);
    manifest = next;
    earlierLogBytes = bytesBeforeNewestLog();
  }

  /** Failing here loses nothing but space, until the next time. */
  private void removeLeftovers() {
    Set<String> named = new HashSet<>();
    manifest.logs().forEach(log -> named.add(log.fileName()));
    manifest
        .segments()
        .forEach(
            entry -> {
              named.add(entry.fileName());
              named.add(entry.deletedFileName());
              named.add(GraphFile.name(entry.number()));
              named.add(GraphFile.nameBeside(entry.number()));
            });
    try (var paths =
        Files.newDirectoryStream(directory, "{segment-*,deleted-*,graph-*,vectors*.log,*.new}")) {
      for (Path path : paths) {
        String name = path.getFileName().toString();
        if (!named.contains(name)) {
          if (name.startsWith("vectors")) {
            spare.keepOrDelete(path);
          } else {
            files.delete(path);
          }
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "leftovers in {0} stay: {1}", directory, e.getMessage());
    }
  }
}
