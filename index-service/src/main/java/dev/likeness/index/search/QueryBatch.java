package dev.likeness.index.search;

import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.vector.VectorId;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Queries side by side as the kernel reads them, with the row that each must not answer. */
final class QueryBatch {

  private static final int NO_ROW = -1;

  private final int count;
  private final int dimension;
  private final float[] values;
  private final int[] excluded;

  private QueryBatch(int count, int dimension) {
    this.count = count;
    this.dimension = dimension;
    values = new float[Math.multiplyExact(count, dimension)];
    excluded = new int[count];
    Arrays.fill(excluded, NO_ROW);
  }

  /** Where a stored vector lies. */
  record Stored(int ordinal, RowChunk chunk, int row) {}

  /**
   * @throws VectorNotFoundException if a query starts from a vector that {@code find} does not know
   */
  static QueryBatch of(
      List<Query> queries, int dimension, Function<VectorId, @Nullable Stored> find) {
    QueryBatch batch = new QueryBatch(queries.size(), dimension);
    for (int q = 0; q < batch.count; q++) {
      float[] source =
          switch (queries.get(q)) {
            case Query.OfValues given -> given.values();
            case Query.OfStored(VectorId id) -> {
              Stored stored = find.apply(id);
              if (stored == null) {
                throw new VectorNotFoundException(id.value());
              }
              batch.excluded[q] = stored.ordinal();
              yield stored.chunk().values(stored.row());
            }
          };
      System.arraycopy(source, 0, batch.values, q * dimension, dimension);
    }
    return batch;
  }

  int count() {
    return count;
  }

  int dimension() {
    return dimension;
  }

  /** float32 [count][dimension]; not to be changed. */
  float[] values() {
    return values;
  }

  /** float32 [dimension], the values of one query. */
  float[] copyOf(int q) {
    return Arrays.copyOfRange(values, q * dimension, (q + 1) * dimension);
  }

  /** The ordinal that query {@code q} must not answer; no row has it if there is none. */
  int excluded(int q) {
    return excluded[q];
  }
}
