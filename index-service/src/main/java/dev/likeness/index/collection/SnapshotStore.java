package dev.likeness.index.collection;

import dev.likeness.index.error.SnapshotDamagedException;
import dev.likeness.index.error.SnapshotExistsException;
import dev.likeness.index.error.SnapshotNotFoundException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.LogReader;
import dev.likeness.index.storage.VectorLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Copies of collections: their files as of one moment, the settings, the engine, and the checksums
 * and the count that a restore must find again. Graphs are built anew.
 */
final class SnapshotStore {

  private static final String LOG = "vectors.log";

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
    CollectionSettings settings = collection.settings();
    try {
      directory.addSnapshot(name, files -> fill(collection, settings, files));
      var files = new CollectionFiles(directory.snapshot(name), resources.files());
      CopiedFiles contents =
          CopiedFiles.of(CopiedFiles.file(files.directory(), resources.files()).read());
      return new SnapshotDescription(name, contents.vectorCount(), files.sizeBytes());
    } catch (IOException e) {
      throw new StorageFailureException(
          "write snapshot '" + name + "'", String.valueOf(e.getMessage()), e);
    }
  }

  private void fill(Collection collection, CollectionSettings settings, CollectionFiles files)
      throws IOException {
    collection.copyTo(files);
    new CollectionManifest(settings, "", resources.clock().instant())
        .write(files.directory(), resources.files());
    collection.engineChoice().write(files.directory(), resources.files());
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
      Map<String, String> contents = CopiedFiles.file(from, resources.files()).read();
      if (contents.containsKey("checksum")) {
        restoreFirstFormat(name, contents, to);
      } else {
        CopiedFiles.of(contents).restore(from, to);
      }
      new CollectionManifest(manifest.settings(), "", resources.clock().instant())
          .write(to.directory(), resources.files());
      EngineChoice.read(from, resources.files()).write(to.directory(), resources.files());
    } catch (LogDamagedException e) {
      throw new SnapshotDamagedException(name.value(), String.valueOf(e.getMessage()));
    }
  }

  /** Version 1 of a snapshot: one log, its length and the checksum of its records. */
  private void restoreFirstFormat(
      CollectionName name, Map<String, String> contents, CollectionFiles to) throws IOException {
    long length = number(contents, "length");
    Path log = directory.snapshot(name).resolve(LOG);
    try (LogReader reader = LogReader.open(log)) {
      reader.read(length, batch -> {});
    }
    long checksum =
        VectorLog.copy(
            log,
            length,
            number(contents, "sequence"),
            to.directory().resolve(LOG),
            resources.files());
    if (checksum != number(contents, "checksum")) {
      throw new SnapshotDamagedException(name.value(), "checksum mismatch in its log");
    }
  }

  private static long number(Map<String, String> contents, String key) throws IOException {
    try {
      return Long.parseLong(contents.getOrDefault(key, ""));
    } catch (NumberFormatException e) {
      throw new LogDamagedException("contents", 0, "unreadable entry '%s'".formatted(key));
    }
  }
}
