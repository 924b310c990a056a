package dev.likeness.index.collection;

import dev.likeness.index.error.IndexException;
import dev.likeness.index.search.PinnedVectors;
import dev.likeness.index.storage.GraphFile;
import dev.likeness.index.storage.Segment;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Reads segments, their graphs, and logs from the disk and compares what they lead to with what the
 * index holds, vector by vector. Writers go on meanwhile: both sides are those of one moment.
 */
final class StoredCheck {

  private static final int MAX_PROBLEMS = 10;

  private final SegmentStore store;
  private final long durableLength;
  private final PinnedVectors acknowledged;
  private final Map<VectorId, Integer> readable = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long unchanged;

  /**
   * @param acknowledged what the segments, and the first {@code durableLength} bytes of the newest
   *     log, led to; closed by {@link #run}
   */
  StoredCheck(SegmentStore store, long durableLength, PinnedVectors acknowledged) {
    this.store = store;
    this.durableLength = durableLength;
    this.acknowledged = acknowledged;
  }

  CollectionCheck run(CollectionFiles files) {
    try (acknowledged) {
      readManifest(files);
      readRows();
      acknowledged.forEach(this::compare);
      if (!readable.isEmpty()) {
        problem("%d vectors are on disk that were not acknowledged".formatted(readable.size()));
      }
      return new CollectionCheck(OptionalLong.of(acknowledged.size()), unchanged, problems);
    }
  }

  /** How much of a collection that could not be opened can be read. */
  static CollectionCheck ofUnavailable(CollectionFiles files, String reason) {
    try {
      int dimension =
          CollectionManifest.read(files.directory(), files.files()).settings().dimension();
      SegmentStore store =
          SegmentStore.open(files.directory(), dimension, Long.MAX_VALUE, files.files());
      StoredCheck check = new StoredCheck(store, Long.MAX_VALUE, new NoVectors());
      check.problem(reason);
      check.readRows();
      return new CollectionCheck(OptionalLong.empty(), check.readable.size(), check.problems);
    } catch (IOException | IndexException e) {
      return new CollectionCheck(OptionalLong.empty(), 0, List.of(reason));
    }
  }

  private void readManifest(CollectionFiles files) {
    try {
      CollectionManifest.read(files.directory(), files.files());
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void readRows() {
    try {
      List<SegmentStore.Part> parts = store.parts();
      try {
        for (SegmentStore.Part part : parts) {
          readSegment(part);
        }
      } finally {
        parts.forEach(part -> part.segment().close());
      }
      store.reread(durableLength, batch -> batch.forEach(this::remember));
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void readSegment(SegmentStore.Part part) {
    Segment segment = part.segment();
    try {
      segment.verifyValues();
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
    readGraph(segment);
    int row = part.deleted().nextClearBit(0);
    while (row < segment.count()) {
      remember(segment.read(row));
      row = part.deleted().nextClearBit(row + 1);
    }
  }

  /** A graph that is missing is not built yet. */
  private void readGraph(Segment segment) {
    try {
      GraphFile.open(store.directory(), segment).close();
    } catch (NoSuchFileException e) {
      return;
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
    public void forEach(Consumer<VectorChange.Put> action) {}

    @Override
    public void close() {}
  }
}
