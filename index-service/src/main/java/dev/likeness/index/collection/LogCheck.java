package dev.likeness.index.collection;

import dev.likeness.index.search.PinnedVectors;
import dev.likeness.index.storage.LogReader;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Reads a log from the disk and compares what it leads to with what the index holds, vector by
 * vector. Writers go on meanwhile: both sides are those of one moment.
 */
final class LogCheck {

  private static final int MAX_PROBLEMS = 10;

  private final long durableLength;
  private final PinnedVectors acknowledged;
  private final Map<VectorId, Integer> readable = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long unchanged;

  /**
   * @param acknowledged what the first {@code durableLength} bytes of the log led to; closed by
   *     {@link #run}
   */
  LogCheck(long durableLength, PinnedVectors acknowledged) {
    this.durableLength = durableLength;
    this.acknowledged = acknowledged;
  }

  CollectionCheck run(CollectionFiles files, int dimension) {
    try (acknowledged) {
      readManifest(files);
      readLog(files, durableLength);
      acknowledged.forEach(this::compare);
      if (!readable.isEmpty()) {
        problem("%d vectors are on disk that were not acknowledged".formatted(readable.size()));
      }
      return new CollectionCheck(OptionalLong.of(acknowledged.size()), unchanged, problems);
    }
  }

  /** How much of a collection that could not be opened can be read. */
  static CollectionCheck ofUnavailable(CollectionFiles files, String reason) {
    LogCheck check = new LogCheck(Long.MAX_VALUE, new NoVectors());
    check.problem(reason);
    check.readLog(files, Long.MAX_VALUE);
    return new CollectionCheck(OptionalLong.empty(), check.readable.size(), check.problems);
  }

  private void readManifest(CollectionFiles files) {
    try {
      CollectionManifest.read(files.directory(), files.files());
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void readLog(CollectionFiles files, long limit) {
    try (LogReader reader = LogReader.open(files.log())) {
      LogReader.Contents contents = reader.read(limit, batch -> batch.forEach(this::remember));
      if (limit != Long.MAX_VALUE && contents.validLength() < limit) {
        problem("the log is readable up to byte %d of %d".formatted(contents.validLength(), limit));
      }
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void remember(VectorChange change) {
    switch (change) {
      case VectorChange.Put put -> readable.put(put.id(), checksum(put));
      case VectorChange.Delete(VectorId id) -> readable.remove(id);
    }
  }

  private void compare(VectorChange.Put put) {
    Integer found = readable.remove(put.id());
    if (found == null) {
      problem("vector '%s' cannot be read back".formatted(put.id()));
    } else if (found != checksum(put)) {
      problem("vector '%s' reads back changed".formatted(put.id()));
    } else {
      unchanged++;
    }
  }

  private void problem(String sentence) {
    if (problems.size() < MAX_PROBLEMS && !problems.contains(sentence)) {
      problems.add(sentence);
    }
  }

  private static int checksum(VectorChange.Put put) {
    ByteBuffer values = ByteBuffer.allocate(put.values().length * Float.BYTES);
    values.asFloatBuffer().put(put.values());
    CRC32C crc = new CRC32C();
    crc.update(values);
    crc.update(put.payload().toBytes());
    return (int) crc.getValue();
  }

  private record NoVectors() implements PinnedVectors {
    @Override
    public int size() {
      return 0;
    }

    @Override
    public void forEach(java.util.function.Consumer<VectorChange.Put> action) {}

    @Override
    public void close() {}
  }
}
