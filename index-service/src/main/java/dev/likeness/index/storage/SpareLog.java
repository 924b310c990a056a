package dev.likeness.index.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that the next log is made of: that of a log which is no longer needed, or zeros. Writing
 * over something is quicker than growing, because the file system has nothing to note. Without a
 * spare the next log grows; so nothing is lost when there is none.
 */
final class SpareLog {

  private static final Logger LOG = System.getLogger(SpareLog.class.getName());
  private static final String NAME = "spare";
  private static final int ZEROS_AT_ONCE = 1 << 20;

  private final Path directory;
  private final Path spare;
  private final long leastBytes;
  private final FileOperations files;

  /**
   * @param leastBytes shorter logs are not worth keeping
   */
  SpareLog(Path directory, long leastBytes, FileOperations files) {
    this.directory = directory;
    this.spare = directory.resolve(NAME);
    this.leastBytes = leastBytes;
    this.files = files;
  }

  /** Fills a file of this length with zeros, unless there is a spare; a failure is none. */
  void prepare(long bytes) {
    if (Files.exists(spare)) {
      return;
    }
    Path fresh = directory.resolve(NAME + ".new");
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

  /** Makes an empty log, of the spare if there is one; the caller forces the directory. */
  void becomeLog(Path log, int dimension, long firstSequence) throws IOException {
    if (Files.exists(spare)) {
      VectorLog.recycle(spare, log, files, dimension, firstSequence);
    } else {
      VectorLog.create(log, files, dimension, firstSequence);
    }
  }

  /** Removes the file of a log that is no longer needed, or keeps it for the next one. */
  void keepOrDelete(Path log) throws IOException {
    if (Files.size(log) >= leastBytes && !Files.exists(spare)) {
      files.move(log, spare);
    } else {
      files.delete(log);
    }
  }
}
