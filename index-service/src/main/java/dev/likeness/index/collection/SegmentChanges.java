package dev.likeness.index.collection;

import dev.likeness.index.search.FrozenRows;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.search.SealedRows;
import dev.likeness.index.storage.GroupCommit;
import dev.likeness.index.storage.Segment;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which rows move into segments. Each writes a segment, lets the store name it in the
 * place of what it was made of, and then lets the index show it; when one fails before the store
 * does, nothing has changed. For one thread at a time.
 */
final class SegmentChanges {

  private final SegmentStore store;
  private final SealableIndex index;
  private final VectorLog log;
  private final GroupCommit commits;

  /** How many deleted rows of each segment are stored, by its number. */
  private final Map<Long, Integer> storedDeletions = new HashMap<>();

  private volatile boolean apart;

  SegmentChanges(SegmentStore store, SealableIndex index, VectorLog log, GroupCommit commits) {
    this.store = store;
    this.index = index;
    this.log = log;
    this.commits = commits;
  }

  /**
   * @param parts that were found, with the deleted rows that are stored
   */
  void start(List<SegmentStore.Part> parts) {
    parts.forEach(
        part -> storedDeletions.put(part.segment().number(), part.deleted().cardinality()));
  }

  /** True once the index could not follow the store: no more steps must be taken. */
  boolean areApart() {
    return apart;
  }

  /**
   * Puts everything before a new log into a segment.
   *
   * @return bytes of the logs that are not needed any more
   */
  long seal() throws IOException {
    try (FrozenRows frozen = inNewLog(index::freeze)) {
      Segment segment = frozen.count() == 0 ? null : store.write(frozen);
      Map<Long, BitSet> deleted = new HashMap<>();
      for (SealableIndex.SealedState state : index.sealed()) {
        BitSet rows = frozen.deleted(state.rows());
        long number = segment(state.rows()).number();
        if (rows.cardinality() != storedDeletions.getOrDefault(number, 0)) {
          deleted.put(number, rows);
        }
      }
      long logBytes = store.earlierLogBytes();
      publish(segment, () -> store.checkpoint(listOf(segment), deleted));
      deleted.forEach((number, rows) -> storedDeletions.put(number, rows.cardinality()));
      show(frozen, segment);
      return logBytes;
    }
  }

  /**
   * Goes on in a new log without sealing anything yet.
   *
   * @param spareBytes length of its file, if there is none for it yet
   */
  void goOnInNewLog(long spareBytes) throws IOException {
    store.prepareSpare(spareBytes);
    inNewLog(() -> log);
  }

  /** Writes what is alive in some segments into one. */
  void merge(List<SealedRows> rows) throws IOException {
    List<Segment> old = rows.stream().map(SegmentChanges::segment).toList();
    for (Segment segment : old) {
      segment.verifyValues(); // damage must not be given a new checksum
    }
    try (FrozenRows frozen = index.freezeSealed(rows)) {
      Segment merged = frozen.count() == 0 ? null : store.write(frozen);
      publish(merged, () -> store.replace(old, listOf(merged)));
      old.forEach(segment -> storedDeletions.remove(segment.number()));
      show(frozen, merged);
    }
  }

  /** Reads the values of all segments; throws if one is not what was written. */
  void verify() throws IOException {
    for (SealableIndex.SealedState state : index.sealed()) {
      segment(state.rows()).verifyValues();
    }
  }

  private <T> T inNewLog(Supplier<T> beforeWritersGoOn) throws IOException {
    try {
      return commits.whileQuiet(
          () -> {
            try {
              store.rotate(log);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return beforeWritersGoOn.get();
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private interface Publication {
    void run() throws IOException;
  }

  private static void publish(@Nullable Segment segment, Publication publication)
      throws IOException {
    try {
      publication.run();
    } catch (IOException | RuntimeException e) {
      if (segment != null) {
        segment.close();
      }
      throw e;
    }
  }

  /** The files say so already: if the index cannot follow, both would drift apart. */
  private void show(FrozenRows frozen, @Nullable Segment segment) {
    try {
      index.replace(frozen, segment);
    } catch (RuntimeException | Error e) {
      apart = true;
      log.refuseWrites("sealed rows could not be put in place (%s)".formatted(e.getMessage()));
      throw e;
    }
  }

  private static List<Segment> listOf(@Nullable Segment segment) {
    return segment == null ? List.of() : List.of(segment);
  }

  private static Segment segment(SealedRows rows) {
    return (Segment) rows;
  }
}
