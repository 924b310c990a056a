package dev.likeness.index.collection;

import dev.likeness.index.search.PinnedVectors;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.VectorLog;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of one collection: {@code manifest} and {@code vectors.log}. A directory that is
 * being made has another name until it is complete, so a crash leaves nothing half made.
 */
record CollectionFiles(Path directory, FileOperations files) {

  private static final Logger LOG = System.getLogger(CollectionFiles.class.getName());
  private static final String LOG_NAME = "vectors.log";

  /** Vectors per record of a rewritten log. */
  private static final int REWRITE_BATCH = 256;

  /** Smaller logs are not worth rewriting. */
  private static final long MIN_REWRITE_BYTES = 1 << 20;

  Path log() {
    return directory.resolve(LOG_NAME);
  }

  long sizeBytes() {
    try (var paths = Files.list(directory)) {
      return paths.mapToLong(path -> path.toFile().length()).sum();
    } catch (IOException e) {
      return 0; // deleted meanwhile
    }
  }

  void createEmpty(CollectionManifest manifest) throws IOException {
    VectorLog.create(log(), files, manifest.settings().dimension(), 1);
    manifest.write(directory, files);
  }

  /**
   * Replays the log into an index and rewrites it if more than half of it is dead.
   *
   * @throws dev.likeness.index.storage.LogDamagedException if acknowledged data cannot be read
   */
  VectorLog open(VectorIndex index) throws IOException {
    VectorLog.Opened opened =
        VectorLog.open(log(), index.dimension(), files, batch -> index.apply(batch));
    long dead = opened.contents().operationCount() - index.size();
    if (dead <= index.size() || opened.log().length() < MIN_REWRITE_BYTES) {
      return opened.log();
    }
    opened.log().close();
    try {
      rewrite(index, opened.contents().lastSequence() + 1);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} stays as it is, rewriting failed: {1}", log(), e.getMessage());
    }
    return VectorLog.open(log(), index.dimension(), files, batch -> {}).log();
  }

  private void rewrite(VectorIndex index, long firstSequence) throws IOException {
    Path beside = directory.resolve(LOG_NAME + ".new");
    VectorLog.create(beside, files, index.dimension(), firstSequence);
    try (VectorLog fresh = VectorLog.open(beside, index.dimension(), files, batch -> {}).log();
        PinnedVectors vectors = index.pin()) {
      List<VectorChange> batch = new ArrayList<>();
      vectors.forEach(
          put -> {
            batch.add(put);
            if (batch.size() == REWRITE_BATCH) {
              append(fresh, batch);
            }
          });
      append(fresh, batch);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    files.move(beside, log());
    files.forceDirectory(directory);
  }

  private static void append(VectorLog log, List<VectorChange> batch) {
    try {
      if (!batch.isEmpty()) {
        log.append(List.of(batch));
        batch.clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
