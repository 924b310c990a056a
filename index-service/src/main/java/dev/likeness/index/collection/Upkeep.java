package dev.likeness.index.collection;

import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.search.SealedRows;
import dev.likeness.index.storage.GroupCommit;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
  private final SegmentChanges segments; // guarded by work
  private final StorageSettings settings;
  private final Runnable segmentsChanged;
  private final ReentrantLock work = new ReentrantLock();
  private final AtomicBoolean queued = new AtomicBoolean();
  private final AtomicBoolean mergingLater = new AtomicBoolean();

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
    this.segments = new SegmentChanges(store, index, log, commits);
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
    segments.start(parts);
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
    if (tooLong && !failing && mayGoOn()) {
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
    if (due && mayGoOn() && queued.compareAndSet(false, true)) {
      settings.threads().execute(() -> work(queued, this::tidy));
    }
  }

  private boolean mayGoOn() {
    return !stopped && !segments.areApart();
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
      if (mayGoOn()) {
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
    segments.verify();
    verified = true;
    for (SealableIndex.SealedState state : index.sealed()) {
      index.encode(state.rows());
    }
    if (sealSoon) {
      sealedBytes += segments.seal();
    }
    mergeNowOrLater();
  }

  private void tidy() throws IOException {
    while (mayGoOn() && isDueToSeal()) {
      sealedBytes += segments.seal();
    }
    if (mayGoOn() && settings.isWorthMoving(log.length(), log.room())) {
      segments.goOnInNewLog(settings.sealBytes());
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

  /**
   * While much is written, merging waits: sealing would have to wait for it, and writers for
   * sealing. It does not wait for ever, since ids are looked for in all segments.
   */
  private void mergeNowOrLater() throws IOException {
    merge(StorageSettings.MERGED_WHEN_BUSY);
    boolean waits = mayGoOn() && !worthMerging(StorageSettings.MERGED_SEGMENTS).isEmpty();
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
    for (List<SealedRows> old = worthMerging(tolerated);
        mayGoOn() && !old.isEmpty();
        old = worthMerging(tolerated)) {
      segments.merge(old);
    }
  }

  private List<SealedRows> worthMerging(int tolerated) {
    return CompactionChoice.of(index.sealed(), settings.sealBytes(), tolerated);
  }
}
