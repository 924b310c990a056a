package dev.likeness.benchmarks.index;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.onnx.OnnxProduct;
import dev.likeness.index.search.ExactIndex;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The exact engine of the index service, in this process, filled with the data. */
final class OurIndex implements AutoCloseable {

  private static final int K = 10;
  private static final int BATCH = 1000;

  private final SearchPool pool;
  private final ExactIndex index;
  private final List<Query> queries;

  OurIndex(VectorData data, int threads) {
    pool = new SearchPool(threads, 64);
    Optional<CodeProduct> product = OnnxProduct.load();
    VectorKernel kernel = new SimdKernel(() -> product);
    index = new ExactIndex(data.dimension(), kernel, pool, new MemoryBudget(64L << 30));
    float[][] rows = data.rows();
    for (int from = 0; from < rows.length; from += BATCH) {
      List<VectorChange> batch = new ArrayList<>();
      for (int row = from; row < Math.min(rows.length, from + BATCH); row++) {
        batch.add(
            new VectorChange.Put(new VectorId(Integer.toString(row)), Payload.EMPTY, rows[row]));
      }
      index.apply(batch);
    }
    queries = new ArrayList<>();
    for (float[] query : data.queries()) {
      queries.add(new Query.OfValues(query));
    }
  }

  /** See {@link SearchPeer#search}; answers how many queries were answered. */
  long searchAll(int count, int repetitions) {
    for (int repetition = 0; repetition < repetitions; repetition++) {
      search(repetition * count % (queries.size() - count + 1), count);
    }
    return (long) count * repetitions;
  }

  SearchResult search(int firstQuery, int count) {
    List<Query> part = queries.subList(firstQuery, firstQuery + count);
    return index.search(new SearchRequest(part, K, () -> false));
  }

  /** The rows of the ten nearest of some queries. */
  List<List<Integer>> neighbors(int firstQuery, int count) {
    return search(firstQuery, count).answers().stream()
        .map(
            list ->
                list.neighbors().stream()
                    .map(neighbor -> Integer.valueOf(neighbor.id().value()))
                    .toList())
        .toList();
  }

  @Override
  public void close() {
    index.close();
    pool.close();
  }
}
