package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Searches a small index of its own until the JVM has compiled the kernel. Uncompiled SIMD code is
 * some hundred times slower, and the first caller would pay for it.
 */
public final class WarmUp {

  private static final int DIMENSION = 512;

  /** The first few hundred bring the compiler to work, the others take microseconds each. */
  private static final int SEARCHES = 2000;

  /** One tile of four and one single query, so that both shapes of the kernel run. */
  private static final int QUERIES = 5;

  private WarmUp() {}

  /** Starts in the background; nobody needs to wait for it. */
  public static void start(VectorKernel kernel, SearchPool pool) {
    Thread.ofPlatform().daemon().name("index-warm-up").start(() -> run(kernel, pool));
  }

  static void run(VectorKernel kernel, SearchPool pool) {
    MemoryBudget budget = new MemoryBudget(RowChunk.bytes(DIMENSION, RowChunk.GRANULE));
    try (ExactIndex index = new ExactIndex(DIMENSION, kernel, pool, budget)) {
      List<VectorChange> rows = new ArrayList<>();
      for (int row = 0; row < RowChunk.GRANULE; row++) {
        float[] values = new float[DIMENSION];
        values[row] = 1;
        rows.add(new VectorChange.Put(new VectorId("row " + row), Payload.EMPTY, values));
      }
      index.apply(rows);
      List<Query> queries = Collections.nCopies(QUERIES, new Query.OfValues(new float[DIMENSION]));
      for (int i = 0; i < SEARCHES; i++) {
        index.search(new SearchRequest(queries, QUERIES, () -> false));
      }
    }
  }
}
