package dev.likeness.index.search;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Compares every query with every row, unless graphs are to be used. Three parts share the {@link
 * PublishedRows}: {@link RowTable} changes them, and says which thread may do what; {@link
 * SnapshotSearch} searches them; {@link SealedChunks} gives sealed ones their codes and graphs.
 */
public final class ExactIndex implements SealableIndex {

  private final int dimension;
  private final VectorKernel kernel;
  private final SearchPool pool;
  private final ScanPolicy policy;
  private final PublishedRows published = new PublishedRows();
  private final RowTable rows;
  private final SealedChunks sealed;
  private final SnapshotSearch searches;

  public ExactIndex(int dimension, VectorKernel kernel, SearchPool pool, MemoryBudget budget) {
    this(dimension, kernel, pool, budget, ScanPolicy.DEFAULT);
  }

  ExactIndex(
      int dimension, VectorKernel kernel, SearchPool pool, MemoryBudget budget, ScanPolicy policy) {
    this.dimension = dimension;
    this.kernel = kernel;
    this.pool = pool;
    this.policy = policy;
    rows = new RowTable(dimension, kernel, budget, published);
    sealed = new SealedChunks(published);
    searches = new SnapshotSearch(published, rows::hold, kernel, pool, policy);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public int size() {
    return published.current().liveCount();
  }

  @Override
  public long memoryBytes() {
    RowSnapshot now = published.hold();
    try {
      return now.chunks().stream().mapToLong(RowChunk::sizeBytes).sum();
    } finally {
      now.letGo();
    }
  }

  @Override
  public void reserve(int puts) {
    rows.reserve(puts);
  }

  @Override
  public void stage(List<VectorChange> batch) {
    rows.stage(batch);
  }

  @Override
  public void unstage() {
    rows.unstage();
  }

  @Override
  public int apply(List<VectorChange> batch) {
    return rows.apply(batch);
  }

  @Override
  public SearchResult search(SearchRequest request) {
    return searches.search(request);
  }

  @Override
  public List<Optional<VectorChange.Put>> get(List<VectorId> ids) {
    return rows.get(ids);
  }

  @Override
  public SearchableVectors pin(Filter filter) {
    RowSnapshot now = published.hold();
    AllowedRows allowed = AllowedRows.of(now, filter, () -> false);
    return new PinnedRows(now, allowed, dimension, kernel, pool, policy);
  }

  @Override
  public void attach(SealedRows sealedRows, BitSet deleted) {
    rows.attach(sealedRows, deleted);
  }

  @Override
  public void encode(SealedRows sealedRows) {
    sealed.encode(sealedRows);
  }

  @Override
  public Optional<HeldCodes> holdCodes(SealedRows sealedRows) {
    return sealed.holdCodes(sealedRows);
  }

  @Override
  public boolean hasGraph(SealedRows sealedRows) {
    return sealed.hasGraph(sealedRows);
  }

  @Override
  public boolean attach(SealedRows sealedRows, SealedGraph graph) {
    return sealed.attach(sealedRows, graph);
  }

  @Override
  public List<SealedState> sealed() {
    return sealed.states();
  }

  @Override
  public void useGraphs(OptionalDouble recall) {
    searches.useGraphs(recall);
  }

  @Override
  public Optional<GraphUse> graphUse() {
    return searches.graphUse();
  }

  @Override
  public FrozenRows freeze() {
    return rows.freeze();
  }

  @Override
  public FrozenRows freezeSealed(List<SealedRows> sealedRows) {
    return sealed.freeze(sealedRows);
  }

  @Override
  public void replace(FrozenRows frozen, @Nullable SealedRows by) {
    rows.replace((FrozenSnapshot) frozen, by);
  }

  /** Frees the memory as soon as the searches under way are done. */
  @Override
  public void close() {
    rows.close();
  }
}
