package dev.likeness.index.collection;

import dev.likeness.index.storage.CheckedFile;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.vector.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * The file {@code manifest} of a collection.
 *
 * @param requestId of the call that created it; empty if it had none
 */
record CollectionManifest(CollectionSettings settings, String requestId, Instant createTime) {

  void write(Path directory, FileOperations files) throws IOException {
    file(directory, files)
        .write(
            Map.of(
                "dimension", Integer.toString(settings.dimension()),
                "similarity", settings.similarity().name(),
                "fingerprint", settings.fingerprint(),
                "request-id", requestId,
                "create-time", createTime.toString()));
  }

  /**
   * @throws LogDamagedException if the file is not what was written
   */
  static CollectionManifest read(Path directory, FileOperations files) throws IOException {
    Map<String, String> entries = file(directory, files).read();
    try {
      return new CollectionManifest(
          new CollectionSettings(
              Integer.parseInt(entries.getOrDefault("dimension", "")),
              Similarity.valueOf(entries.getOrDefault("similarity", "")),
              entries.getOrDefault("fingerprint", "")),
          entries.getOrDefault("request-id", ""),
          Instant.parse(entries.getOrDefault("create-time", "")));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new LogDamagedException(
          "manifest", 0, "unreadable entry (%s)".formatted(e.getMessage()));
    }
  }

  private static CheckedFile file(Path directory, FileOperations files) {
    return new CheckedFile(directory, "manifest", "collection", files);
  }
}
