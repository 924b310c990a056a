package dev.likeness.index.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file {@code store} of a collection: which files hold its rows. Replaced as a whole; files
 * that it does not name are leftovers.
 *
 * <pre>
 * checkpoint=&lt;sequence&gt;                     the segments hold every change up to it
 * log.&lt;first sequence, 20 digits&gt;=&lt;file&gt;     the later changes, in order
 * segment.&lt;number, 20 digits&gt;=&lt;row count&gt; &lt;CRC32C of its header, hex&gt; &lt;generation of its deleted rows, 0 for none&gt;
 * </pre>
 *
 * @param checkpoint sequence of the last change that is in the segments
 * @param logs names of files, oldest first, at least one
 */
record StoreManifest(long checkpoint, List<Entry> segments, List<LogEntry> logs) {

  private static final String NAME = "store";

  /** The only log of a collection that was never sealed. */
  static final String FIRST_LOG = "vectors.log";

  record Entry(long number, int rowCount, int headerChecksum, long generation) {

    String fileName() {
      return "segment-" + number;
    }

    String deletedFileName() {
      return "deleted-%d-%d".formatted(number, generation);
    }
  }

  record LogEntry(long firstSequence, String fileName) {}

  StoreManifest {
    segments = List.copyOf(segments);
    logs = List.copyOf(logs);
  }

  static StoreManifest ofLog(long firstSequence) {
    LogEntry log = new LogEntry(firstSequence, FIRST_LOG);
    return new StoreManifest(firstSequence - 1, List.of(), List.of(log));
  }

  LogEntry newestLog() {
    return logs.getLast();
  }

  StoreManifest withLog(LogEntry newest) {
    List<LogEntry> longer = new ArrayList<>(logs);
    longer.add(newest);
    return new StoreManifest(checkpoint, segments, longer);
  }

  StoreManifest withoutNewestLog() {
    return new StoreManifest(checkpoint, segments, logs.subList(0, logs.size() - 1));
  }

  /**
   * A file that a manifest names.
   *
   * @throws LogDamagedException if it is missing
   */
  static Path existing(Path directory, String name) throws LogDamagedException {
    Path path = directory.resolve(name);
    if (!Files.exists(path)) {
      throw new LogDamagedException(name, 0, "the file is missing");
    }
    return path;
  }

  static CheckedFile file(Path directory, FileOperations files) {
    return new CheckedFile(directory, NAME, NAME, files);
  }

  void write(Path directory, FileOperations files) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    entries.put("checkpoint", Long.toString(checkpoint));
    for (LogEntry log : logs) {
      entries.put("log.%020d".formatted(log.firstSequence), log.fileName);
    }
    for (Entry segment : segments) {
      entries.put(
          "segment.%020d".formatted(segment.number),
          "%d %08x %d".formatted(segment.rowCount, segment.headerChecksum, segment.generation));
    }
    file(directory, files).write(entries);
  }

  /**
   * @throws LogDamagedException if the file is not what was written
   */
  static StoreManifest read(Path directory, FileOperations files) throws IOException {
    Map<String, String> entries = file(directory, files).read();
    List<Entry> segments = new ArrayList<>();
    List<LogEntry> logs = new ArrayList<>();
    try {
      for (var entry : entries.entrySet()) {
        String key = entry.getKey();
        if (key.startsWith("log.")) {
          logs.add(new LogEntry(number(key), plainName(entry.getValue())));
        } else if (key.startsWith("segment.")) {
          String[] parts = entry.getValue().split(" ", 3);
          segments.add(
              new Entry(
                  number(key),
                  Integer.parseInt(parts[0]),
                  HexFormat.fromHexDigits(parts[1]),
                  Long.parseLong(parts[2])));
        }
      }
      if (logs.isEmpty()) {
        throw new IllegalArgumentException("no log");
      }
      return new StoreManifest(
          Long.parseLong(entries.getOrDefault("checkpoint", "")), segments, logs);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new LogDamagedException(NAME, 0, "unreadable entry (%s)".formatted(e.getMessage()));
    }
  }

  private static long number(String key) {
    return Long.parseLong(key.substring(key.indexOf('.') + 1));
  }

  private static String plainName(String name) {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new IllegalArgumentException("'%s' is not the name of a log".formatted(name));
    }
    return name;
  }
}
