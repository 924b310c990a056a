package dev.likeness.benchmarks.index;

import dev.likeness.index.graph.BuildThreads;
import dev.likeness.index.graph.Graph;
import dev.likeness.index.graph.GraphBuilder;
import dev.likeness.index.graph.GraphParameters;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.search.ExactIndex;
import dev.likeness.index.search.FrozenRows;
import dev.likeness.index.search.HeldCodes;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.GraphFile;
import dev.likeness.index.storage.Segment;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The graph engine of the index service: one sealed segment with its graph, both mapped. */
final class OurGraph implements AutoCloseable {

  static final int K = 10;
  private static final int BATCH = 1000;

  private final SearchPool pool;
  private final ExactIndex index;
  private final List<Query> queries = new ArrayList<>();
  private final double buildSeconds;

  OurGraph(VectorData data, GraphParameters parameters, int threads, Path directory)
      throws IOException {
    SimdKernel kernel = new SimdKernel();
    pool = new SearchPool(threads, 64);
    index = new ExactIndex(data.dimension(), kernel, pool, new MemoryBudget(64L << 30));
    Segment segment = sealed(data, directory);
    long started = System.nanoTime();
    try (HeldCodes codes = index.holdCodes(segment).orElseThrow();
        BuildThreads build = new BuildThreads(threads);
        Arena arena = Arena.ofShared()) {
      Graph graph = GraphBuilder.build(codes.rows(), parameters, kernel, build, arena, () -> false);
      buildSeconds = (System.nanoTime() - started) / 1e9;
      GraphFile.write(directory, new FileOperations(), segment, graph);
    }
    index.attach(segment, GraphFile.open(directory, segment));
    for (float[] query : data.queries()) {
      queries.add(new Query.OfValues(query));
    }
  }

  private Segment sealed(VectorData data, Path directory) throws IOException {
    float[][] rows = data.rows();
    for (int from = 0; from < rows.length; from += BATCH) {
      List<VectorChange> batch = new ArrayList<>();
      for (int row = from; row < Math.min(rows.length, from + BATCH); row++) {
        VectorId id = new VectorId(Integer.toString(row));
        batch.add(new VectorChange.Put(id, Payload.EMPTY, rows[row]));
      }
      index.apply(batch);
    }
    FileOperations files = new FileOperations();
    SegmentStore.create(directory, files, data.dimension());
    SegmentStore store = SegmentStore.open(directory, data.dimension(), Long.MAX_VALUE, files);
    try (FrozenRows frozen = index.freeze()) {
      Segment segment = store.write(frozen);
      index.replace(frozen, segment);
      return segment;
    }
  }

  double buildSeconds() {
    return buildSeconds;
  }

  /** From now on searches follow the graph, or compare everything if {@code recall} is empty. */
  void use(OptionalDouble recall) {
    index.useGraphs(recall);
  }

  /** Answers all queries; how many they were. */
  long searchAll() {
    return index.search(new SearchRequest(queries, K, () -> false)).answers().size();
  }

  /** The rows of the ten nearest of all queries. */
  List<List<Integer>> neighbors() {
    return index.search(new SearchRequest(queries, K, () -> false)).answers().stream()
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
