package dev.likeness.index.search;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.graph.CodedRows;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Compares every query with every row. A single writer appends rows and publishes a new {@link
 * RowSnapshot} by one volatile write per batch; searches hold the snapshot they began with and take
 * no lock. Reads by id share a lock with the moment of publication only, never with disk or search.
 *
 * <p>Sealed chunks come first, then the written ones. Ids of written rows are in a table, those of
 * sealed rows are found through their own table.
 */
public final class ExactIndex implements SealableIndex {

  /** Chunks grow with the index up to this size, so that small collections stay small. */
  private static final long MAX_CHUNK_BYTES = 16 << 20;

  /** Fewer dead rows than this are not worth copying the live ones. */
  private static final int MIN_DEAD_ROWS = 1024;

  private final int dimension;
  private final VectorKernel kernel;
  private final SearchPool pool;
  private final MemoryBudget budget;
  private final ScanPolicy policy;
  private final JointSearch joint;

  private final ReadWriteLock publication = new ReentrantReadWriteLock();

  /** Position of each written row among the written ones, counted from {@link #firstWritten} on. */
  private IdTable written = new IdTable();

  /** The same of the rows that are being sealed; an id of {@link #written} goes before it. */
  private IdTable sealing = new IdTable();

  /** How many written rows were sealed so far: the position of the first one that is left. */
  private int firstWritten;

  private List<RowChunk> sealed = List.of();
  private List<RowChunk> chunks = List.of();

  /** Rows behind the published ones that hold the vectors of the next batches. */
  private int staged;

  /** True from {@link #freeze} on until these rows are replaced: their chunks must stay. */
  private boolean frozen;

  /** Empty while all searches are exact. */
  private volatile OptionalDouble graphRecall = OptionalDouble.empty();

  private volatile RowSnapshot current = RowSnapshot.empty();

  public ExactIndex(int dimension, VectorKernel kernel, SearchPool pool, MemoryBudget budget) {
    this(dimension, kernel, pool, budget, ScanPolicy.DEFAULT);
  }

  ExactIndex(
      int dimension, VectorKernel kernel, SearchPool pool, MemoryBudget budget, ScanPolicy policy) {
    this.policy = policy;
    this.dimension = dimension;
    this.kernel = kernel;
    this.pool = pool;
    this.budget = budget;
    joint = new JointSearch(pool, this::searchOwn);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public int size() {
    return current.liveCount();
  }

  @Override
  public long memoryBytes() {
    RowSnapshot rows = hold();
    try {
      return rows.chunks().stream().mapToLong(RowChunk::sizeBytes).sum();
    } finally {
      rows.letGo();
    }
  }

  @Override
  public void reserve(int puts) {
    publication.writeLock().lock();
    try {
      while (capacity(chunks) - writtenRows() < puts) {
        chunks = grown(chunks);
      }
    } finally {
      publication.writeLock().unlock();
    }
  }

  @Override
  public void stage(List<VectorChange> batch) {
    List<RowChunk> targets;
    int row;
    publication.writeLock().lock();
    try {
      reserve(staged + puts(batch));
      targets = chunks;
      row = writtenRows() + staged;
    } finally {
      publication.writeLock().unlock();
    }
    int chunk = 0;
    for (VectorChange change : batch) {
      if (change instanceof VectorChange.Put put) {
        while (row >= targets.get(chunk).capacity()) {
          row -= targets.get(chunk++).capacity();
        }
        targets.get(chunk).write(row++, put);
        staged++;
      }
    }
  }

  @Override
  public void unstage() {
    staged = 0;
  }

  @Override
  public int apply(List<VectorChange> batch) {
    if (staged == 0) {
      stage(batch);
    }
    Set<Integer> deleted = new HashSet<>();
    publication.writeLock().lock();
    try {
      int rowCount = current.rowCount();
      int position = firstWritten + writtenRows();
      for (VectorChange change : batch) {
        byte[] id = change.id().toBytes();
        long hash = IdHash.of(id);
        OptionalInt former = ordinalOf(id, hash);
        if (former.isPresent()) {
          deleted.add(former.getAsInt());
        }
        if (change instanceof VectorChange.Put) {
          written.put(hash, position++, at -> isWrittenAt(at, id));
          rowCount++;
          staged--;
        }
      }
      publish(current.next(all(), rowCount, deleted));
      if (!deleted.isEmpty()) {
        dropDeadRows();
      }
    } finally {
      publication.writeLock().unlock();
    }
    return deleted.size();
  }

  @Override
  public SearchResult search(SearchRequest request) {
    boolean shares =
        graphRecall.isEmpty()
            && request.queries().size() <= JointSearch.MOST_QUERIES
            && current.rowCount() >= policy.minRows();
    return shares ? joint.search(request) : searchOwn(request);
  }

  private SearchResult searchOwn(SearchRequest request) {
    boolean startsFromStored =
        request.queries().stream().anyMatch(Query.OfStored.class::isInstance);
    if (startsFromStored) {
      publication.readLock().lock(); // the id must lead to a row of the snapshot that is held
    }
    RowSnapshot rows = hold();
    try {
      QueryBatch queries;
      try {
        queries = QueryBatch.of(request.queries(), dimension, this::stored);
      } finally {
        if (startsFromStored) {
          publication.readLock().unlock();
        }
      }
      AllowedRows allowed = AllowedRows.of(rows, request.filter(), request.abandoned());
      return byGraph(rows, allowed, request, queries)
          .orElseGet(
              () -> new ExactScan(rows, allowed, request, queries, kernel, policy).run(pool));
    } finally {
      rows.letGo();
    }
  }

  private Optional<SearchResult> byGraph(
      RowSnapshot rows, AllowedRows allowed, SearchRequest request, QueryBatch queries) {
    OptionalDouble recall = graphRecall;
    return recall.isEmpty()
        ? Optional.empty()
        : new GraphScan(rows, allowed, request, queries, kernel, policy, recall.getAsDouble())
            .run(pool);
  }

  @Override
  public List<Optional<VectorChange.Put>> get(List<VectorId> ids) {
    publication.readLock().lock();
    try {
      return ids.stream().map(this::find).toList();
    } finally {
      publication.readLock().unlock();
    }
  }

  @Override
  public SearchableVectors pin(Filter filter) {
    RowSnapshot rows = hold();
    AllowedRows allowed = AllowedRows.of(rows, filter, () -> false);
    return new PinnedRows(rows, allowed, dimension, kernel, pool, policy);
  }

  @Override
  public void attach(SealedRows rows, BitSet deleted) {
    publication.writeLock().lock();
    try {
      RowChunk chunk = new RowChunk(rows, kernel, budget);
      publish(current.edited(List.of(), chunk, deleted));
      sealed = with(sealed, chunk);
    } finally {
      publication.writeLock().unlock();
    }
  }

  @Override
  public void encode(SealedRows rows) {
    RowSnapshot now = hold();
    try {
      now.chunks().stream().filter(chunk -> chunk.sealed() == rows).forEach(RowChunk::encode);
    } finally {
      now.letGo();
    }
  }

  @Override
  public Optional<HeldCodes> holdCodes(SealedRows sealedRows) {
    RowSnapshot now = hold();
    for (RowChunk chunk : now.chunks()) {
      CodedRows coded = chunk.sealed() == sealedRows ? chunk.codedRows() : null;
      if (coded != null) {
        return Optional.of(new HeldChunk(now, coded));
      }
    }
    now.letGo();
    return Optional.empty();
  }

  private record HeldChunk(RowSnapshot snapshot, CodedRows rows) implements HeldCodes {
    @Override
    public void close() {
      snapshot.letGo();
    }
  }

  @Override
  public boolean hasGraph(SealedRows sealedRows) {
    publication.readLock().lock();
    try {
      return sealed.stream()
          .anyMatch(chunk -> chunk.sealed() == sealedRows && chunk.graph() != null);
    } finally {
      publication.readLock().unlock();
    }
  }

  @Override
  public boolean attach(SealedRows sealedRows, SealedGraph graph) {
    publication.writeLock().lock(); // nobody lets go of the chunk meanwhile
    try {
      for (RowChunk chunk : sealed) {
        if (chunk.sealed() == sealedRows) {
          chunk.attach(graph);
          return true;
        }
      }
      return false;
    } finally {
      publication.writeLock().unlock();
    }
  }

  @Override
  public void useGraphs(OptionalDouble recall) {
    graphRecall = recall;
  }

  @Override
  public Optional<GraphUse> graphUse() {
    OptionalDouble recall = graphRecall;
    if (recall.isEmpty()) {
      return Optional.empty();
    }
    RowSnapshot rows = hold();
    try {
      return GraphScan.use(rows, recall.getAsDouble());
    } finally {
      rows.letGo();
    }
  }

  @Override
  public FrozenRows freeze() {
    publication.writeLock().lock();
    try {
      frozen = true;
      sealing.putAll(written, this::haveSameId); // if sealing failed, what it left is tried again
      written = new IdTable();
      closeChunks();
      publish(current.next(all(), current.rowCount(), Set.of()));
      return new FrozenSnapshot(hold(), chunks, true);
    } finally {
      publication.writeLock().unlock();
    }
  }

  @Override
  public FrozenRows freezeSealed(List<SealedRows> rows) {
    publication.readLock().lock();
    try {
      return new FrozenSnapshot(
          hold(), sealed.stream().filter(chunk -> rows.contains(chunk.sealed())).toList(), false);
    } finally {
      publication.readLock().unlock();
    }
  }

  @Override
  public void replace(FrozenRows frozenRows, @Nullable SealedRows by) {
    FrozenSnapshot before = (FrozenSnapshot) frozenRows;
    RowChunk fresh = by == null ? null : new RowChunk(by, kernel, budget);
    if (fresh != null) {
      fresh.encode(before);
    }
    publication.writeLock().lock();
    try {
      if (before.isOfWritten()) {
        frozen = false;
        firstWritten += capacity(before.chunks());
        sealing = new IdTable();
      }
      publish(current.edited(before.chunks(), fresh, before.deletedSince(current)));
      sealed = without(fresh == null ? sealed : with(sealed, fresh), before.chunks());
      chunks = without(chunks, before.chunks());
      before.chunks().forEach(RowChunk::letGo);
    } finally {
      publication.writeLock().unlock();
    }
  }

  @Override
  public List<SealedState> sealed() {
    publication.readLock().lock();
    try {
      List<SealedState> states = new ArrayList<>();
      for (int c = 0; c < sealed.size(); c++) {
        SealedRows rows = sealed.get(c).sealed();
        if (rows != null) {
          states.add(new SealedState(rows, current.deletedIn(c).cardinality()));
        }
      }
      return states;
    } finally {
      publication.readLock().unlock();
    }
  }

  /** Frees the memory as soon as the searches under way are done. */
  @Override
  public void close() {
    publication.writeLock().lock();
    try {
      List<RowChunk> former = all();
      sealed = List.of();
      chunks = List.of();
      written = new IdTable();
      sealing = new IdTable();
      publish(RowSnapshot.empty());
      former.forEach(RowChunk::letGo);
    } finally {
      publication.writeLock().unlock();
    }
  }

  private Optional<VectorChange.Put> find(VectorId id) {
    return Optional.ofNullable(stored(id)).map(stored -> stored.chunk().read(stored.row()));
  }

  private QueryBatch.@Nullable Stored stored(VectorId id) {
    byte[] bytes = id.toBytes();
    OptionalInt ordinal = ordinalOf(bytes, IdHash.of(bytes));
    return ordinal.isEmpty() ? null : current.stored(ordinal.getAsInt());
  }

  /** The live row with this id; within a batch also one that the batch has deleted. */
  private OptionalInt ordinalOf(byte[] id, long hash) {
    IdTable.Match match = position -> isWrittenAt(position, id);
    OptionalInt found = alive(written.find(hash, match));
    if (found.isEmpty()) {
      found = alive(sealing.find(hash, match));
    }
    return found.isEmpty() ? current.sealedRow(id, hash) : found;
  }

  private OptionalInt alive(OptionalInt position) {
    if (position.isEmpty()) {
      return position;
    }
    int ordinal = capacity(sealed) + position.getAsInt() - firstWritten;
    boolean deleted = ordinal < current.rowCount() && current.isDeleted(ordinal);
    return deleted ? OptionalInt.empty() : OptionalInt.of(ordinal);
  }

  private boolean isWrittenAt(int position, byte[] id) {
    int row = position - firstWritten;
    for (RowChunk chunk : chunks) {
      if (row < chunk.capacity()) {
        return chunk.ids().is(row, id);
      }
      row -= chunk.capacity();
    }
    return false;
  }

  private boolean haveSameId(int position, int other) {
    int row = other - firstWritten;
    for (RowChunk chunk : chunks) {
      if (row < chunk.capacity()) {
        return isWrittenAt(position, chunk.ids().bytes(row));
      }
      row -= chunk.capacity();
    }
    return false;
  }

  private RowSnapshot hold() {
    while (true) {
      RowSnapshot rows = current;
      if (rows.tryHold()) {
        return rows;
      }
    }
  }

  private void publish(RowSnapshot next) {
    RowSnapshot previous = current;
    current = next;
    previous.letGo();
  }

  private List<RowChunk> all() {
    List<RowChunk> all = new ArrayList<>(sealed);
    all.addAll(chunks);
    return all;
  }

  private int writtenRows() {
    return current.rowCount() - capacity(sealed);
  }

  /** Cuts the chunks off behind the last row, so that the next row begins a new one. */
  private void closeChunks() {
    int left = writtenRows();
    List<RowChunk> closed = new ArrayList<>();
    for (RowChunk chunk : chunks) {
      if (left > 0) {
        chunk.closeAt(Math.min(left, chunk.capacity()));
        left -= chunk.capacity();
        closed.add(chunk);
      } else {
        chunk.letGo();
      }
    }
    chunks = List.copyOf(closed);
  }

  /**
   * Doubles the capacity, in steps of at most {@link #MAX_CHUNK_BYTES} and of what the budget has
   * left, but at least one block.
   */
  private List<RowChunk> grown(List<RowChunk> from) {
    int block = RowChunk.GRANULE;
    int present = Math.ceilDiv(capacity(from), block) * block;
    long most = Math.max(1, MAX_CHUNK_BYTES / RowChunk.bytes(dimension, block)) * block;
    long affordable = budget.freeBytes() / RowChunk.bytes(dimension, block) * block;
    long rows = Math.max(block, Math.min(Math.min(most, affordable), present));
    return with(from, new RowChunk(dimension, (int) rows, kernel, budget));
  }

  /** Copies the live written rows together once more than half are dead. */
  private void dropDeadRows() {
    int dead = current.deadRows(sealed.size());
    int live = writtenRows() - dead;
    if (frozen || staged > 0 || dead < MIN_DEAD_ROWS || dead <= live) {
      return;
    }
    List<RowChunk> fresh = List.of();
    IdTable positions = new IdTable();
    int copied = 0;
    RowSnapshot rows = current;
    try {
      int filled = 0;
      for (int ordinal = capacity(sealed); ordinal < rows.rowCount(); ordinal++) {
        if (!rows.isDeleted(ordinal)) {
          QueryBatch.Stored stored = rows.stored(ordinal);
          if (copied == capacity(fresh)) {
            filled = capacity(fresh);
            fresh = grown(fresh);
          }
          VectorChange.Put put = stored.chunk().read(stored.row());
          fresh.getLast().write(copied - filled, put);
          positions.put(IdHash.of(put.id().toBytes()), copied++, at -> false);
        }
      }
    } catch (IndexFullException e) {
      fresh.forEach(RowChunk::letGo); // dead rows stay until there is room for the copy
      return;
    }
    List<RowChunk> former = chunks;
    RowSnapshot withoutWritten = current.edited(former, null, new BitSet());
    chunks = fresh;
    written = positions;
    firstWritten = 0;
    publish(withoutWritten.next(all(), capacity(sealed) + copied, Set.of()));
    withoutWritten.letGo();
    former.forEach(RowChunk::letGo);
  }

  private static int capacity(List<RowChunk> chunks) {
    int rows = 0;
    for (RowChunk chunk : chunks) {
      rows += chunk.capacity();
    }
    return rows;
  }

  private static List<RowChunk> with(List<RowChunk> chunks, RowChunk more) {
    List<RowChunk> longer = new ArrayList<>(chunks);
    longer.add(more);
    return List.copyOf(longer);
  }

  private static List<RowChunk> without(List<RowChunk> chunks, List<RowChunk> gone) {
    return chunks.stream().filter(chunk -> !gone.contains(chunk)).toList();
  }

  private static int puts(List<VectorChange> batch) {
    return (int) batch.stream().filter(VectorChange.Put.class::isInstance).count();
  }
}
