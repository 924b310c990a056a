package dev.likeness.index.search;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares every query with every row. A single writer appends rows and publishes a new {@link
 * RowSnapshot} by one volatile write per batch; searches hold the snapshot they began with and take
 * no lock. Reads by id share a lock with the moment of publication only, never with disk or search.
 */
public final class ExactIndex implements VectorIndex {

  /** Chunks grow with the index up to this size, so that small collections stay small. */
  private static final long MAX_CHUNK_BYTES = 16 << 20;

  /** Fewer dead rows than this are not worth copying the live ones. */
  private static final int MIN_DEAD_ROWS = 1024;

  private final int dimension;
  private final VectorKernel kernel;
  private final SearchPool pool;
  private final MemoryBudget budget;
  private final ScanPolicy policy;

  private final ReadWriteLock publication = new ReentrantReadWriteLock();
  private Map<VectorId, Integer> ordinals = new HashMap<>();
  private List<RowChunk> chunks = List.of();
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
    while (capacity() - current.rowCount() < puts) {
      chunks = grown(chunks);
    }
  }

  @Override
  public int apply(List<VectorChange> batch) {
    reserve(puts(batch));
    int rowCount = current.rowCount();
    List<Integer> deleted = new ArrayList<>();
    publication.writeLock().lock();
    try {
      for (VectorChange change : batch) {
        Integer earlier =
            switch (change) {
              case VectorChange.Put put -> {
                chunkFor(rowCount).write(rowCount, put);
                yield ordinals.put(put.id(), rowCount++);
              }
              case VectorChange.Delete delete -> ordinals.remove(delete.id());
            };
        if (earlier != null) {
          deleted.add(earlier);
        }
      }
      publish(current.next(chunks, rowCount, deleted));
    } finally {
      publication.writeLock().unlock();
    }
    dropDeadRows();
    return deleted.size();
  }

  @Override
  public SearchResult search(SearchRequest request) {
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
      return new ExactScan(rows, allowed, request, queries, kernel, policy).run(pool);
    } finally {
      rows.letGo();
    }
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
    return new Pinned(rows, allowed, dimension, kernel, pool, policy);
  }

  /** Frees the memory as soon as the searches under way are done. */
  @Override
  public void close() {
    replaceRows(List.of(), RowSnapshot.empty(), Map.of());
  }

  private Optional<VectorChange.Put> find(VectorId id) {
    return Optional.ofNullable(stored(id)).map(stored -> stored.chunk().read(stored.ordinal()));
  }

  private QueryBatch.@Nullable Stored stored(VectorId id) {
    Integer ordinal = ordinals.get(id);
    return ordinal == null ? null : new QueryBatch.Stored(ordinal, chunkFor(ordinal));
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

  private int capacity() {
    return chunks.isEmpty() ? 0 : chunks.getLast().endOrdinal();
  }

  private RowChunk chunkFor(int ordinal) {
    int low = 0;
    int high = chunks.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ordinal < chunks.get(middle).endOrdinal()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return chunks.get(low);
  }

  /**
   * Doubles the capacity, in steps of at most {@link #MAX_CHUNK_BYTES} and of what the budget has
   * left, but at least one block.
   */
  private List<RowChunk> grown(List<RowChunk> from) {
    int block = RowChunk.GRANULE;
    int first = from.isEmpty() ? 0 : from.getLast().endOrdinal();
    long most = Math.max(1, MAX_CHUNK_BYTES / RowChunk.bytes(dimension, block)) * block;
    long affordable = budget.freeBytes() / RowChunk.bytes(dimension, block) * block;
    long rows = Math.max(block, Math.min(Math.min(most, affordable), first));
    List<RowChunk> grown = new ArrayList<>(from);
    grown.add(new RowChunk(dimension, first, (int) rows, budget));
    return List.copyOf(grown);
  }

  /** Copies the live rows together once more than half are dead. */
  private void dropDeadRows() {
    RowSnapshot rows = current;
    int dead = rows.rowCount() - rows.liveCount();
    if (dead < MIN_DEAD_ROWS || dead <= rows.liveCount()) {
      return;
    }
    List<RowChunk> fresh = List.of();
    Map<VectorId, Integer> freshOrdinals = new HashMap<>();
    try {
      for (int ordinal = 0; ordinal < rows.rowCount(); ordinal++) {
        if (!rows.isDeleted(ordinal)) {
          VectorChange.Put put = chunkFor(ordinal).read(ordinal);
          if (fresh.isEmpty() || freshOrdinals.size() == fresh.getLast().endOrdinal()) {
            fresh = grown(fresh);
          }
          fresh.getLast().write(freshOrdinals.size(), put);
          freshOrdinals.put(put.id(), freshOrdinals.size());
        }
      }
    } catch (IndexFullException e) {
      fresh.forEach(RowChunk::letGo); // dead rows stay until there is room for the copy
      return;
    }
    int liveCount = freshOrdinals.size();
    replaceRows(fresh, RowSnapshot.empty().next(fresh, liveCount, List.of()), freshOrdinals);
  }

  private void replaceRows(
      List<RowChunk> fresh, RowSnapshot next, Map<VectorId, Integer> freshOrdinals) {
    publication.writeLock().lock();
    try {
      List<RowChunk> former = chunks;
      chunks = fresh;
      ordinals = new HashMap<>(freshOrdinals);
      publish(next);
      former.forEach(RowChunk::letGo);
    } finally {
      publication.writeLock().unlock();
    }
  }

  private static int puts(List<VectorChange> batch) {
    return (int) batch.stream().filter(VectorChange.Put.class::isInstance).count();
  }

  private record Pinned(
      RowSnapshot rows,
      AllowedRows allowed,
      int dimension,
      VectorKernel kernel,
      SearchPool pool,
      ScanPolicy policy)
      implements SearchableVectors {
    @Override
    public int size() {
      return allowed.count();
    }

    @Override
    public void forEach(Consumer<VectorChange.Put> action) {
      for (int row = allowed.next(0); row < rows.rowCount(); row = allowed.next(row + 1)) {
        action.accept(rows.chunk(rows.chunkOf(row)).read(row));
      }
    }

    @Override
    public Map<VectorId, VectorChange.Put> find(Set<VectorId> ids) {
      Map<VectorId, VectorChange.Put> found = new HashMap<>();
      forEach(ids::contains, put -> found.put(put.id(), put));
      return found;
    }

    @Override
    public SearchResult search(SearchRequest request) {
      QueryBatch queries = QueryBatch.of(request.queries(), dimension, _ -> null);
      return new ExactScan(rows, allowed, request, queries, kernel, policy).run(pool);
    }

    private void forEach(Predicate<VectorId> wanted, Consumer<VectorChange.Put> action) {
      for (RowChunk chunk : rows.chunks()) {
        int end = Math.min(chunk.endOrdinal(), rows.rowCount());
        for (int ordinal = chunk.firstOrdinal(); ordinal < end; ordinal++) {
          if (wanted.test(chunk.id(ordinal - chunk.firstOrdinal())) && !rows.isDeleted(ordinal)) {
            action.accept(chunk.read(ordinal));
          }
        }
      }
    }

    @Override
    public void close() {
      rows.letGo();
    }
  }
}
