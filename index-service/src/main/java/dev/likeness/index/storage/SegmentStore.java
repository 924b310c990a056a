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

  /** The file of a log that is no longer needed, for the next one. */
  private static final String SPARE = "spare";

  private static final int ZEROS_AT_ONCE = 1 << 20;

  private final Path directory;
  private final int dimension;
  private final long spareBytes;
  private final FileOperations files;
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
    this.spareBytes = spareBytes;
    this.files = files;
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
        Path path = existing(entry.fileName());
        Segment segment = Segment.open(path, dimension);
        parts.add(new Part(segment, new BitSet()));
        if (segment.headerChecksum() != entry.headerChecksum()
            || segment.count() != entry.rowCount()
            || segment.number() != entry.number()) {
          throw new LogDamagedException(entry.fileName(), 0, "it is not the one that was stored");
        }
        if (entry.generation() > 0) {
          Path deleted = existing(entry.deletedFileName());
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

  private Path existing(String name) throws LogDamagedException {
    Path path = directory.resolve(name);
    if (!Files.exists(path)) {
      throw new LogDamagedException(name, 0, "the file is missing");
    }
    return path;
  }

  /**
   * Hands out every change since the segments, in order, and opens the newest log for appending.
   *
   * @throws LogDamagedException if acknowledged changes cannot be read
   */
  public synchronized VectorLog.Opened replay(Consumer<List<VectorChange>> consumer)
      throws IOException {
    dropUnusedLog();
    long sequence = manifest.checkpoint();
    long operations = 0;
    for (LogEntry log : manifest.logs()) {
      existing(log.fileName());
      if (log.firstSequence() != sequence + 1) {
        throw new LogDamagedException(
            log.fileName(),
            0,
            "it begins with batch %d instead of %d".formatted(log.firstSequence(), sequence + 1));
      }
      if (log.equals(manifest.logs().getLast())) {
        break;
      }
      LogReader.Contents contents = read(log, Long.MAX_VALUE, consumer);
      sequence = contents.lastSequence();
      operations += contents.operationCount();
    }
    LogEntry last = manifest.logs().getLast();
    VectorLog.Opened opened =
        VectorLog.open(directory.resolve(last.fileName()), dimension, files, consumer);
    LogReader.Contents contents = opened.contents();
    if (contents.firstSequence() != last.firstSequence()) {
      opened.log().closeQuietly();
      throw wrongLog(last);
    }
    removeLeftovers();
    earlierLogBytes = bytesBeforeNewestLog();
    return new VectorLog.Opened(
        opened.log(), contents.withOperations(operations + contents.operationCount()));
  }

  /**
   * Hands out the same changes again, those of the newest log up to a length.
   *
   * @throws LogDamagedException if one cannot be read
   */
  public synchronized void reread(long durableLength, Consumer<List<VectorChange>> consumer)
      throws IOException {
    for (LogEntry log : manifest.logs()) {
      boolean newest = log.equals(manifest.logs().getLast());
      LogReader.Contents contents = read(log, newest ? durableLength : Long.MAX_VALUE, consumer);
      if (newest && durableLength != Long.MAX_VALUE && contents.validLength() < durableLength) {
        throw new LogDamagedException(
            log.fileName(),
            contents.validLength(),
            "the log is readable up to byte %d of %d"
                .formatted(contents.validLength(), durableLength));
      }
    }
  }

  private LogReader.Contents read(LogEntry log, long limit, Consumer<List<VectorChange>> consumer)
      throws IOException {
    try (LogReader reader = LogReader.open(existing(log.fileName()))) {
      if (reader.firstSequence() != log.firstSequence() || reader.dimension() != dimension) {
        throw wrongLog(log);
      }
      return reader.read(limit, consumer);
    }
  }

  private static LogDamagedException wrongLog(LogEntry log) {
    return new LogDamagedException(log.fileName(), 12, "it is not the one that was stored");
  }

  /**
   * A newest log that is empty although the one before it went on: naming it was reported as
   * failed, and yet it was done.
   */
  private void dropUnusedLog() throws IOException {
    List<LogEntry> logs = manifest.logs();
    if (logs.size() < 2) {
      return;
    }
    LogEntry last = logs.getLast();
    try (LogReader reader = LogReader.open(existing(last.fileName()))) {
      if (reader.begins()) {
        return;
      }
    }
    boolean empty = read(last, Long.MAX_VALUE, batch -> {}).lastSequence() < last.firstSequence();
    LogEntry before = logs.get(logs.size() - 2);
    if (empty && read(before, Long.MAX_VALUE, b -> {}).lastSequence() >= last.firstSequence()) {
      publish(
          new StoreManifest(
              manifest.checkpoint(), manifest.segments(), logs.subList(0, logs.size() - 1)));
    }
  }

  /**
   * Lets the log go on in a new file, unless the newest is empty. When it fails, the log goes on
   * where it was.
   */
  public synchronized void rotate(VectorLog log) throws IOException {
    if (log.lastSequence() < manifest.logs().getLast().firstSequence()) {
      return; // another of that name would take the place of the file that is written to
    }
    if (!StoreManifest.file(directory, files).exists()) {
      manifest.write(directory, files);
    }
    long first = log.lastSequence() + 1;
    Path next = directory.resolve("vectors-%d.log".formatted(first));
    Path spare = directory.resolve(SPARE);
    if (Files.exists(spare)) {
      VectorLog.recycle(spare, next, files, dimension, first);
    } else {
      VectorLog.create(next, files, dimension, first);
    }
    files.forceDirectory(directory);
    RandomAccessFile nextFile = log.openNext(next);
    long nextBytes;
    try {
      nextBytes = nextFile.length();
      List<LogEntry> logs = new ArrayList<>(manifest.logs());
      logs.add(new LogEntry(first, next.getFileName().toString()));
      publish(new StoreManifest(manifest.checkpoint(), manifest.segments(), logs));
    } catch (IOException e) {
      nextFile.close();
      throw e;
    }
    log.continueIn(next, nextFile, nextBytes);
  }

  /**
   * Makes a file for the next log, unless there is one. Writing over zeros is quicker than growing,
   * because the file system has nothing to note; a failure costs no more than that.
   */
  public void prepareSpare(long bytes) {
    Path spare = directory.resolve(SPARE);
    if (Files.exists(spare)) {
      return;
    }
    Path fresh = directory.resolve(SPARE + ".new");
    try {
      try (RandomAccessFile file = files.open(fresh)) {
        byte[] zeros = new byte[(int) Math.min(bytes, ZEROS_AT_ONCE)];
        for (long at = 0; at < bytes; at += zeros.length) {
          files.write(file, at, zeros, zeros.length);
          files.startWriting(file, at, zeros.length);
        }
        files.force(file);
      }
      files.move(fresh, spare);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no file for the next log in {0}: {1}", directory, e.getMessage());
    }
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
    LogEntry newest = manifest.logs().getLast();
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
          removeOrKeepAsSpare(path, name);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "leftovers in {0} stay: {1}", directory, e.getMessage());
    }
  }

  private void removeOrKeepAsSpare(Path path, String name) throws IOException {
    Path spare = directory.resolve(SPARE);
    boolean wanted =
        name.startsWith("vectors") && Files.size(path) >= spareBytes && !Files.exists(spare);
    if (wanted) {
      files.move(path, spare);
    } else {
      files.delete(path);
    }
  }
}
