package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.HashMap;
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
    for (VectorId id : ids) {
      rows.sealedRow(id)
          .ifPresent(
              ordinal -> {
                QueryBatch.Stored stored = rows.stored(ordinal);
                found.put(id, stored.chunk().read(stored.row()));
              });
    }
    for (int c = 0; c < rows.chunkCount(); c++) {
      RowChunk chunk = rows.chunk(c);
      if (chunk.sealed() == null) {
        for (int row = 0; row < rows.rowsIn(c); row++) {
          if (ids.contains(chunk.id(row)) && !rows.isDeleted(c, row)) {
            found.put(chunk.id(row), chunk.read(row));
          }
        }
      }
    }
    return found;
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
