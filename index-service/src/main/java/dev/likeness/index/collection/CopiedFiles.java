package dev.likeness.index.collection;

import dev.likeness.index.storage.CheckedFile;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The file {@code contents} of a snapshot, version 2: which files were copied.
 *
 * <pre>
 * vectors=&lt;count&gt;
 * file.&lt;name&gt;=&lt;length&gt; &lt;CRC32C of the whole file, hex&gt;
 * </pre>
 *
 * @param vectorCount live vectors
 */
record CopiedFiles(long vectorCount, Map<String, Copied> files) {

  /** One file, whole. */
  record Copied(long length, long checksum) {}

  /** How far the newest log reaches, and what the index holds then. */
  record Moment(long durableLength, long lastSequence, long vectorCount) {}

  private static final String NAME = "contents";
  private static final String FILE = "file.";

  CopiedFiles {
    files = Map.copyOf(files);
  }

  /**
   * Copies what a store names, its newest log as far as the moment says.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  static CopiedFiles copy(SegmentStore store, Moment moment, CollectionFiles to) {
    try {
      Map<String, Copied> copied = new TreeMap<>();
      List<String> names = store.fileNames();
      for (String name : names) {
        Path from = store.directory().resolve(name);
        Path target = to.directory().resolve(name);
        if (name.equals(names.getLast())) {
          VectorLog.copy(from, moment.durableLength(), moment.lastSequence(), target, to.files());
          copied.put(name, read(target));
        } else {
          copied.put(name, copy(from, target, to.files()));
        }
      }
      store.writeManifestTo(to.directory());
      copied.put("store", read(to.directory().resolve("store")));
      CopiedFiles contents = new CopiedFiles(moment.vectorCount(), copied);
      contents.write(to);
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies all files back, and compares their checksums.
   *
   * @throws LogDamagedException if one is not what was copied
   */
  void restore(Path from, CollectionFiles to) throws IOException {
    for (var entry : files.entrySet()) {
      String name = entry.getKey();
      if (!Files.exists(from.resolve(name))) {
        throw new LogDamagedException(name, 0, "the file is missing");
      }
      Copied copied = copy(from.resolve(name), to.directory().resolve(name), to.files());
      if (!copied.equals(entry.getValue())) {
        throw new LogDamagedException(name, 0, "checksum mismatch");
      }
    }
  }

  private void write(CollectionFiles to) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    entries.put("vectors", Long.toString(vectorCount));
    files.forEach(
        (name, copied) ->
            entries.put(FILE + name, "%d %08x".formatted(copied.length, copied.checksum)));
    file(to.directory(), to.files()).write(entries);
  }

  static CheckedFile file(Path directory, FileOperations files) {
    return new CheckedFile(directory, NAME, "snapshot", files);
  }

  /**
   * @param entries of the file, version 2
   */
  static CopiedFiles of(Map<String, String> entries) throws LogDamagedException {
    Map<String, Copied> files = new TreeMap<>();
    try {
      for (var entry : entries.entrySet()) {
        if (entry.getKey().startsWith(FILE)) {
          String name = entry.getKey().substring(FILE.length());
          if (name.contains("/") || name.startsWith(".")) {
            throw new IllegalArgumentException("'%s' is not a plain name".formatted(name));
          }
          String[] parts = entry.getValue().split(" ", 2);
          files.put(name, new Copied(Long.parseLong(parts[0]), Long.parseLong(parts[1], 16)));
        }
      }
      return new CopiedFiles(Long.parseLong(entries.getOrDefault("vectors", "")), files);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new LogDamagedException(NAME, 0, "unreadable entry (%s)".formatted(e.getMessage()));
    }
  }

  private static Copied copy(Path from, Path to, FileOperations files) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] bytes = new byte[1 << 20];
    long at = 0;
    try (InputStream in = Files.newInputStream(from);
        RandomAccessFile out = files.open(to)) {
      files.truncate(out, 0);
      for (int part = in.readNBytes(bytes, 0, bytes.length);
          part > 0;
          part = in.readNBytes(bytes, 0, bytes.length)) {
        crc.update(bytes, 0, part);
        files.write(out, at, bytes, part);
        at += part;
      }
      files.force(out);
    }
    return new Copied(at, crc.getValue());
  }

  private static Copied read(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] bytes = new byte[1 << 20];
    long length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int part = in.read(bytes); part > 0; part = in.read(bytes)) {
        crc.update(bytes, 0, part);
        length += part;
      }
    }
    return new Copied(length, crc.getValue());
  }
}
