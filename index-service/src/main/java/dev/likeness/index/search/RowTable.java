package dev.likeness.index.search;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an index, and how they change. Changes go one way: {@link WrittenRows} take the
 * vectors, {@link IdLookup} their ids, and both end up in the next {@link RowSnapshot} of {@link
 * PublishedRows}, which is all that others read.
 *
 * <p>Who may touch what, and when:
 *
 * <ul>
 *   <li>A single writer appends rows and publishes a snapshot by one volatile write per batch.
 *       Another thread may meanwhile put sealed rows in the place of others.
 *   <li>The lock {@code publication} guards written rows, their ids, and every publication. It is
 *       held for memory only, never for disk or search.
 *   <li>Ids are looked up under its read lock, since they must lead to rows of one snapshot: by
 *       {@link #get}, and for searches that start from stored vectors, until these hold theirs.
 *   <li>All other reading holds the snapshot it begins with and takes no lock.
 *   <li>Vectors are staged without the lock: no snapshot covers their rows yet. What is staged is
 *       known to the writer alone.
 * </ul>
 */
final class RowTable {

  private final int dimension;
  private final VectorKernel kernel;
  private final MemoryBudget budget;
  private final PublishedRows published;
  private final ReadWriteLock publication = new ReentrantReadWriteLock();
  private WrittenRows written; // guarded by publication
  private IdLookup ids; // guarded by publication

  /** Of the batches that are staged, in their order; of the single writer. */
  private final Queue<StagedIds> staged = new ArrayDeque<>();

  /** Kept only so that the reads behind it are not left out. */
  @SuppressWarnings("unused")
  private int touched; // of the single writer

  /**
   * @param published by this object only
   */
  RowTable(int dimension, VectorKernel kernel, MemoryBudget budget, PublishedRows published) {
    this.dimension = dimension;
    this.kernel = kernel;
    this.budget = budget;
    this.published = published;
    written = new WrittenRows(dimension, kernel, budget);
    ids = new IdLookup(written);
  }

  /** As {@link SealableIndex#reserve}. */
  void reserve(int puts) {
    publication.writeLock().lock();
    try {
      written.reserve(puts);
    } finally {
      publication.writeLock().unlock();
    }
  }

  /** As {@link SealableIndex#stage}. */
  void stage(List<VectorChange> batch) {
    WrittenRows.Room room;
    publication.writeLock().lock();
    try {
      room = written.stage(puts(batch));
    } finally {
      publication.writeLock().unlock();
    }
    room.write(batch);
    StagedIds ofBatch = new StagedIds(batch);
    publication.readLock().lock();
    try {
      touched = ofBatch.findOlder(ids, published.current());
    } finally {
      publication.readLock().unlock();
    }
    staged.add(ofBatch);
  }

  /** As {@link SealableIndex#unstage}. */
  void unstage() {
    staged.clear();
    written.unstage();
  }

  /** As {@link SealableIndex#apply}. */
  int apply(List<VectorChange> batch) {
    if (staged.isEmpty()) {
      stage(batch);
    }
    StagedIds ofBatch = staged.remove();
    int puts = puts(batch);
    publication.writeLock().lock();
    try {
      RowSnapshot before = published.current();
      Set<Integer> deleted = ofBatch.enter(ids, written.nextPosition(), before);
      RowSnapshot after = before.next(written.chunks(), written.count() + puts, deleted);
      written.show(puts);
      published.publish(after);
      if (!deleted.isEmpty() && written.isWorthCopying(after.deadWrittenRows())) {
        dropDeadRows(after);
      }
      return deleted.size();
    } finally {
      publication.writeLock().unlock();
    }
  }

  /** Copies the live written rows together. */
  private void dropDeadRows(RowSnapshot now) {
    WrittenRows live;
    try {
      live = written.copyOfLive(now);
    } catch (IndexFullException e) {
      return; // dead rows stay until there is room for the copy
    }
    RowSnapshot withoutWritten = now.edited(written.chunks(), null, new BitSet());
    published.publish(withoutWritten.next(live.chunks(), live.count(), Set.of()));
    withoutWritten.letGo();
    written.letGo();
    written = live;
    ids = IdLookup.of(live);
  }

  /**
   * Begins a search.
   *
   * @throws VectorNotFoundException if a query starts from an unknown id
   */
  HeldQueries hold(List<Query> queries) {
    boolean startFromStored = queries.stream().anyMatch(Query.OfStored.class::isInstance);
    if (startFromStored) {
      publication.readLock().lock(); // the id must lead to a row of the snapshot that is held
    }
    RowSnapshot rows = published.hold();
    try {
      return new HeldQueries(QueryBatch.of(queries, dimension, this::stored), rows);
    } catch (RuntimeException | Error e) {
      rows.letGo();
      throw e;
    } finally {
      if (startFromStored) {
        publication.readLock().unlock();
      }
    }
  }

  /** As {@link SealableIndex#get}. */
  List<Optional<VectorChange.Put>> get(List<VectorId> wanted) {
    publication.readLock().lock();
    try {
      return wanted.stream().map(this::find).toList();
    } finally {
      publication.readLock().unlock();
    }
  }

  private Optional<VectorChange.Put> find(VectorId id) {
    return Optional.ofNullable(stored(id)).map(stored -> stored.chunk().read(stored.row()));
  }

  private QueryBatch.@Nullable Stored stored(VectorId id) {
    byte[] bytes = id.toBytes();
    RowSnapshot now = published.current();
    OptionalInt ordinal = ids.find(bytes, IdHash.of(bytes), now);
    return ordinal.isEmpty() ? null : now.stored(ordinal.getAsInt());
  }

  /** As {@link SealableIndex#attach(SealedRows, BitSet)}. */
  void attach(SealedRows rows, BitSet deleted) {
    publication.writeLock().lock();
    try {
      RowChunk chunk = new RowChunk(rows, kernel, budget);
      published.publish(published.current().edited(List.of(), chunk, deleted));
    } finally {
      publication.writeLock().unlock();
    }
  }

  /** As {@link SealableIndex#freeze}. */
  FrozenRows freeze() {
    publication.writeLock().lock();
    try {
      ids.freeze();
      written.freeze();
      published.publish(published.current().next(written.chunks(), written.count(), Set.of()));
      return new FrozenSnapshot(published.hold(), written.chunks(), true);
    } finally {
      publication.writeLock().unlock();
    }
  }

  /** As {@link SealableIndex#replace}. */
  void replace(FrozenSnapshot before, @Nullable SealedRows by) {
    RowChunk fresh = by == null ? null : new RowChunk(by, kernel, budget);
    if (fresh != null) {
      fresh.encode(before);
    }
    publication.writeLock().lock();
    try {
      RowSnapshot now = published.current();
      published.publish(now.edited(before.chunks(), fresh, before.deletedSince(now)));
      if (before.isOfWritten()) {
        written.removeFrozen(before.chunks());
        ids.removeFrozen();
      }
      before.chunks().forEach(RowChunk::letGo);
    } finally {
      publication.writeLock().unlock();
    }
  }

  /** Frees the memory as soon as the searches under way are done. */
  void close() {
    publication.writeLock().lock();
    try {
      RowSnapshot last = published.current();
      List<RowChunk> attached = last.sealedChunks();
      published.publish(RowSnapshot.empty());
      attached.forEach(RowChunk::letGo);
      written.letGo();
      written = new WrittenRows(dimension, kernel, budget);
      ids = new IdLookup(written);
    } finally {
      publication.writeLock().unlock();
    }
  }

  private static int puts(List<VectorChange> batch) {
    return (int) batch.stream().filter(VectorChange.Put.class::isInstance).count();
  }
}
