package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A held snapshot of an {@link ExactIndex}. */
record PinnedRows(
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
    for (int ordinal = allowed.next(0);
        ordinal < rows.rowCount();
        ordinal = allowed.next(ordinal + 1)) {
      QueryBatch.Stored stored = rows.stored(ordinal);
      action.accept(stored.chunk().read(stored.row()));
    }
  }

  @Override
  public Map<VectorId, VectorChange.Put> find(Set<VectorId> ids) {
    Map<VectorId, VectorChange.Put> found = new HashMap<>();
    List<byte[]> wanted = ids.stream().map(VectorId::toBytes).toList();
    IdTable table = new IdTable();
    for (int w = 0; w < wanted.size(); w++) {
      long hash = IdHash.of(wanted.get(w));
      table.put(hash, w, at -> false);
      rows.sealedRow(wanted.get(w), hash).ifPresent(ordinal -> add(rows.stored(ordinal), found));
    }
    for (int c = 0; c < rows.chunkCount(); c++) {
      RowChunk chunk = rows.chunk(c);
      for (int row = 0; chunk.sealed() == null && row < rows.rowsIn(c); row++) {
        if (!rows.isDeleted(c, row) && isIn(table, wanted, chunk.ids(), row)) {
          add(new QueryBatch.Stored(rows.start(c) + row, chunk, row), found);
        }
      }
    }
    return found;
  }

  private static void add(QueryBatch.Stored stored, Map<VectorId, VectorChange.Put> found) {
    VectorChange.Put put = stored.chunk().read(stored.row());
    found.put(put.id(), put);
  }

  private static boolean isIn(IdTable table, List<byte[]> wanted, RowIds ids, int row) {
    return table.find(ids.hash(row), w -> ids.is(row, wanted.get(w))).isPresent();
  }

  @Override
  public SearchResult search(SearchRequest request) {
    QueryBatch queries = QueryBatch.of(request.queries(), dimension, _ -> null);
    return new ExactScan(rows, allowed, request, queries, kernel, policy).run(pool);
  }

  @Override
  public void close() {
    rows.letGo();
  }
}
