package dev.likeness.index.collection;

import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.SegmentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directory of one collection: {@code manifest} and the files of its {@link SegmentStore}. A
 * directory that is being made has another name until it is complete, so a crash leaves nothing
 * half made.
 */
record CollectionFiles(Path directory, FileOperations files) {

  long sizeBytes() {
    try (var paths = Files.list(directory)) {
      return paths.mapToLong(path -> path.toFile().length()).sum();
    } catch (IOException e) {
      return 0; // deleted meanwhile
    }
  }

  void createEmpty(CollectionManifest manifest) throws IOException {
    SegmentStore.create(directory, files, manifest.settings().dimension());
    manifest.write(directory, files);
  }
}
