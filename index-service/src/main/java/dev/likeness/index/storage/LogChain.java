package dev.likeness.index.storage;

import dev.likeness.index.storage.StoreManifest.LogEntry;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the logs that a {@link StoreManifest} names, one after the other: each must go on where the
 * one before it ends.
 */
final class LogChain {

  private final Path directory;
  private final int dimension;
  private final FileOperations files;

  LogChain(Path directory, int dimension, FileOperations files) {
    this.directory = directory;
    this.dimension = dimension;
    this.files = files;
  }

  /**
   * Hands out every change since the checkpoint, in order, and opens the newest log for appending.
   *
   * @throws LogDamagedException if acknowledged changes cannot be read
   */
  VectorLog.Opened replay(StoreManifest manifest, Consumer<List<VectorChange>> consumer)
      throws IOException {
    long sequence = manifest.checkpoint();
    long operations = 0;
    for (LogEntry log : manifest.logs()) {
      StoreManifest.existing(directory, log.fileName());
      if (log.firstSequence() != sequence + 1) {
        throw new LogDamagedException(
            log.fileName(),
            0,
            "it begins with batch %d instead of %d".formatted(log.firstSequence(), sequence + 1));
      }
      if (log.equals(manifest.newestLog())) {
        break;
      }
      LogReader.Contents contents = read(log, Long.MAX_VALUE, consumer);
      sequence = contents.lastSequence();
      operations += contents.operationCount();
    }
    LogEntry newest = manifest.newestLog();
    VectorLog.Opened opened =
        VectorLog.open(directory.resolve(newest.fileName()), dimension, files, consumer);
    LogReader.Contents contents = opened.contents();
    if (contents.firstSequence() != newest.firstSequence()) {
      opened.log().closeQuietly();
      throw wrongLog(newest);
    }
    return new VectorLog.Opened(
        opened.log(), contents.withOperations(operations + contents.operationCount()));
  }

  /**
   * Hands out the same changes, those of the newest log up to a length; opens nothing.
   *
   * @param durableLength of the newest log in bytes, {@link Long#MAX_VALUE} for all of it
   * @throws LogDamagedException if one cannot be read
   */
  void reread(StoreManifest manifest, long durableLength, Consumer<List<VectorChange>> consumer)
      throws IOException {
    for (LogEntry log : manifest.logs()) {
      boolean newest = log.equals(manifest.newestLog());
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

  /**
   * True if the newest log is empty although the one before it went on: naming it was reported as
   * failed, and yet it was done.
   */
  boolean isNewestUnused(StoreManifest manifest) throws IOException {
    List<LogEntry> logs = manifest.logs();
    if (logs.size() < 2) {
      return false;
    }
    LogEntry newest = manifest.newestLog();
    try (LogReader reader = open(newest)) {
      if (reader.begins()) {
        return false;
      }
    }
    boolean empty = lastSequence(newest) < newest.firstSequence();
    return empty && lastSequence(logs.get(logs.size() - 2)) >= newest.firstSequence();
  }

  private long lastSequence(LogEntry log) throws IOException {
    return read(log, Long.MAX_VALUE, batch -> {}).lastSequence();
  }

  private LogReader.Contents read(LogEntry log, long limit, Consumer<List<VectorChange>> consumer)
      throws IOException {
    try (LogReader reader = open(log)) {
      if (reader.firstSequence() != log.firstSequence() || reader.dimension() != dimension) {
        throw wrongLog(log);
      }
      return reader.read(limit, consumer);
    }
  }

  private LogReader open(LogEntry log) throws IOException {
    return LogReader.open(StoreManifest.existing(directory, log.fileName()));
  }

  private static LogDamagedException wrongLog(LogEntry log) {
    return new LogDamagedException(log.fileName(), 12, "it is not the one that was stored");
  }
}
