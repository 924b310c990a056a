package dev.likeness.index.collection;

import dev.likeness.index.error.SnapshotDamagedException;
import dev.likeness.index.error.SnapshotExistsException;
import dev.likeness.index.error.SnapshotNotFoundException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.storage.CheckedFile;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.LogReader;
import dev.likeness.index.storage.VectorLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Copies of collections: the durable part of the log, the settings, and the checksum and count that
 * a restore must find again.
 */
final class SnapshotStore {

  private static final String CONTENTS = "contents";

  private final CatalogDirectory directory;
  private final IndexResources resources;

  SnapshotStore(CatalogDirectory directory, IndexResources resources) {
    this.directory = directory;
    this.resources = resources;
  }

  /**
   * @throws SnapshotExistsException if the name is taken
   */
  synchronized SnapshotDescription create(Collection collection, CollectionName name) {
    if (Files.exists(directory.snapshot(name))) {
      throw new SnapshotExistsException(name.value());
    }
    Collection.CopySource source = collection.copySource();
    try {
      directory.addSnapshot(name, files -> copy(source, files));
    } catch (IOException e) {
      throw new StorageFailureException(
          "write snapshot '" + name + "'", String.valueOf(e.getMessage()), e);
    }
    var files = new CollectionFiles(directory.snapshot(name), resources.files());
    return new SnapshotDescription(name, source.vectorCount(), files.sizeBytes());
  }

  /**
   * Fills the directory of a new collection.
   *
   * @throws SnapshotNotFoundException if there is no such snapshot
   * @throws SnapshotDamagedException if its bytes are not those that were written
   */
  void restore(CollectionName name, CollectionFiles to) throws IOException {
    Path from = directory.snapshot(name);
    if (!Files.isDirectory(from)) {
      throw new SnapshotNotFoundException(name.value());
    }
    try {
      CollectionManifest manifest = CollectionManifest.read(from, resources.files());
      Map<String, String> contents = contents(from).read();
      long length = number(contents, "length");
      Path log = new CollectionFiles(from, resources.files()).log();
      try (LogReader reader = LogReader.open(log)) {
        reader.read(length, batch -> {});
      }
      long checksum =
          VectorLog.copy(log, length, number(contents, "sequence"), to.log(), resources.files());
      if (checksum != number(contents, "checksum")) {
        throw new SnapshotDamagedException(name.value(), "checksum mismatch in its log");
      }
      new CollectionManifest(manifest.settings(), "", resources.clock().instant())
          .write(to.directory(), resources.files());
    } catch (LogDamagedException e) {
      throw new SnapshotDamagedException(name.value(), String.valueOf(e.getMessage()));
    }
  }

  private void copy(Collection.CopySource source, CollectionFiles to) throws IOException {
    long checksum =
        VectorLog.copy(
            source.log(),
            source.durableLength(),
            source.lastSequence(),
            to.log(),
            resources.files());
    new CollectionManifest(source.settings(), "", resources.clock().instant())
        .write(to.directory(), resources.files());
    contents(to.directory())
        .write(
            Map.of(
                "length", Long.toString(source.durableLength()),
                "sequence", Long.toString(source.lastSequence()),
                "vectors", Long.toString(source.vectorCount()),
                "checksum", Long.toString(checksum)));
  }

  private CheckedFile contents(Path snapshot) {
    return new CheckedFile(snapshot, CONTENTS, "snapshot", resources.files());
  }

  private static long number(Map<String, String> contents, String key) throws IOException {
    try {
      return Long.parseLong(contents.getOrDefault(key, ""));
    } catch (NumberFormatException e) {
      throw new LogDamagedException(CONTENTS, 0, "unreadable entry '%s'".formatted(key));
    }
  }
}
