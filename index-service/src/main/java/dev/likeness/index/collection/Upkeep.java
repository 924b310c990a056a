package dev.likeness.index.collection;

import dev.likeness.index.search.FrozenRows;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.search.SealedRows;
import dev.likeness.index.storage.GroupCommit;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.Segment;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files of a collection in order while it is written and searched: seals what the log
 * holds when that is long enough, merges segments, gives the room of deleted rows back, and
 * verifies the values of segments. One thread at a time does so for a collection; a failure changes
 * nothing and is tried again after later writes.
 */
final class Upkeep {

  private static final Logger LOG = System.getLogger(Upkeep.class.getName());

  private final CollectionName name;
  private final SegmentStore store;
  private final SealableIndex index;
  private final VectorLog log;
  private final GroupCommit commits;
  private final StorageSettings settings;
  private final Runnable segmentsChanged;
  private final ReentrantLock work = new ReentrantLock();
  private final AtomicBoolean queued = new AtomicBoolean();
  private final AtomicBoolean mergingLater = new AtomicBoolean();
  private final Map<Long, Integer> storedDeletions = new HashMap<>(); // guarded by work

  /** Bytes of logs that were sealed so far. */
  private long sealedBytes; // guarded by work

  /** {@link #writtenBytes} when merging was put off. */
  private long writtenBefore; // guarded by work

  private volatile boolean stopped;
  private volatile boolean failing;
  private volatile boolean verified;
  private volatile Consumer<LogDamagedException> onDamage = damage -> {};

  Upkeep(
      CollectionName name,
      SegmentStore store,
      SealableIndex index,
      VectorLog log,
      GroupCommit commits,
      StorageSettings settings,
      Runnable segmentsChanged) {
    this.segmentsChanged = segmentsChanged;
    this.name = name;
    this.store = store;
    this.index = index;
    this.log = log;
    this.commits = commits;
    this.settings = settings;
  }

  /**
   * Verifies, in the background, what was mapped when the collection was opened.
   *
   * @param parts with the deleted rows that are stored
   * @param sealSoon true if the log holds little that is alive
   * @param damageFound is told of damage, now or later
   */
  void start(
      List<SegmentStore.Part> parts, boolean sealSoon, Consumer<LogDamagedException> damageFound) {
    onDamage = damageFound;
    parts.forEach(
        part -> storedDeletions.put(part.segment().number(), part.deleted().cardinality()));
    verified = parts.isEmpty();
    if (!verified || sealSoon) {
      settings.threads().execute(() -> work(queued, () -> verifyAndTidy(sealSoon)));
    }
  }

  /** True when the values of all segments were found to be those that were written. */
  boolean isVerified() {
    return verified;
  }

  /** Waits while the log is far longer than it should be, because sealing does not keep up. */
  void awaitRoom() {
    boolean tooLong = unsealedBytes() > StorageSettings.PATIENCE * settings.sealBytes();
    if (tooLong && !failing && !stopped) {
      waitForWork();
    }
  }

  @SuppressWarnings("LockNotBeforeTry") // nothing is done while it is held
  private void waitForWork() {
    work.lock();
    work.unlock();
  }

  void afterWrite() {
    boolean due = isDueToSeal() || settings.isWorthMoving(log.length(), log.room());
    if (due && !stopped && queued.compareAndSet(false, true)) {
      settings.threads().execute(() -> work(queued, this::tidy));
    }
  }

  private boolean isDueToSeal() {
    return unsealedBytes() >= settings.sealBytes();
  }

  private long unsealedBytes() {
    return store.earlierLogBytes() + log.length();
  }

  /** Runs while the files stay as they are, except for the newest log, which may grow. */
  <T> T whileStill(Supplier<T> action) {
    work.lock();
    try {
      return action.get();
    } finally {
      work.unlock();
    }
  }

  /** Returns when nothing is under way; afterwards the files are left alone until resumed. */
  void stop() {
    stopped = true;
    whileStill(() -> stopped);
  }

  void resume() {
    stopped = false;
  }

  private interface Step {
    void run() throws IOException;
  }

  /**
   * One at a time, unless it is stopped.
   *
   * @param asked set as long as nobody need ask again: until it begins, so that no second thread
   *     waits for the first
   */
  private void work(AtomicBoolean asked, Step step) {
    work.lock();
    try {
      asked.set(false);
      if (!stopped) {
        step.run();
        failing = false;
      }
    } catch (LogDamagedException e) {
      onDamage.accept(e);
    } catch (IOException | RuntimeException e) {
      report(e);
    } finally {
      work.unlock();
    }
    segmentsChanged.run();
  }

  private void verifyAndTidy(boolean sealSoon) throws IOException {
    for (SealableIndex.SealedState state : index.sealed()) {
      segment(state.rows()).verifyValues();
    }
    verified = true;
    for (SealableIndex.SealedState state : index.sealed()) {
      index.encode(state.rows());
    }
    if (sealSoon) {
      seal();
    }
    mergeNowOrLater();
  }

  private void tidy() throws IOException {
    while (!stopped && isDueToSeal()) {
      seal();
    }
    if (!stopped && settings.isWorthMoving(log.length(), log.room())) {
      store.prepareSpare(settings.sealBytes());
      goOnInNewLog();
    }
    mergeNowOrLater();
  }

  private void report(Exception e) {
    failing = true;
    LOG.log(
        Level.WARNING,
        "collection ''{0}'': the log stays long for now, sealing it failed: {1}",
        name,
        e.getMessage());
  }

  /** Puts everything before a new log into a segment. */
  private void seal() throws IOException {
    try (FrozenRows frozen = frozenBeforeNewLog()) {
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
      sealedBytes += logBytes;
      deleted.forEach((number, rows) -> storedDeletions.put(number, rows.cardinality()));
      show(frozen, segment);
    }
  }

  private FrozenRows frozenBeforeNewLog() throws IOException {
    return inNewLog(index::freeze);
  }

  /** Without sealing anything yet. */
  private void goOnInNewLog() throws IOException {
    inNewLog(() -> log);
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

  /**
   * While much is written, merging waits: sealing would have to wait for it, and writers for
   * sealing. It does not wait for ever, since ids are looked for in all segments.
   */
  private void mergeNowOrLater() throws IOException {
    merge(StorageSettings.MERGED_WHEN_BUSY);
    boolean waits = !stopped && !worthMerging(StorageSettings.MERGED_SEGMENTS).isEmpty();
    if (waits && mergingLater.compareAndSet(false, true)) {
      writtenBefore = writtenBytes();
      settings.later().execute(() -> work(mergingLater, this::mergeIfCalm));
    }
  }

  private void mergeIfCalm() throws IOException {
    if (settings.isBusy(writtenBytes() - writtenBefore)) {
      mergeNowOrLater();
    } else {
      merge(StorageSettings.MERGED_SEGMENTS);
    }
  }

  /** Bytes of all logs since the collection was opened. */
  private long writtenBytes() {
    return sealedBytes + unsealedBytes();
  }

  private void merge(int tolerated) throws IOException {
    for (List<Segment> old = worthMerging(tolerated);
        !stopped && !old.isEmpty();
        old = worthMerging(tolerated)) {
      merge(old);
    }
  }

  private List<Segment> worthMerging(int tolerated) {
    return CompactionChoice.of(index.sealed(), settings.sealBytes(), tolerated).stream()
        .map(Upkeep::segment)
        .toList();
  }

  private void merge(List<Segment> old) throws IOException {
    for (Segment segment : old) {
      segment.verifyValues(); // damage must not be given a new checksum
    }
    try (FrozenRows frozen = index.freezeSealed(List.copyOf(old))) {
      Segment merged = frozen.count() == 0 ? null : store.write(frozen);
      publish(merged, () -> store.replace(old, listOf(merged)));
      old.forEach(segment -> storedDeletions.remove(segment.number()));
      show(frozen, merged);
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
      stopped = true;
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
