package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** One query goes through the codes, a few fill a narrow panel, more a wide one. */
  private static final int[] QUERIES = {1, 5, 40};

  /** Codes are used however few rows there are. */
  private static final ScanPolicy BY_VALUES = new ScanPolicy(1, 0, 1);

  private static final ScanPolicy BY_PRODUCTS = new ScanPolicy(1, 0, 1, 2, 1, 1);

  private WarmUp() {}

  /** Starts in the background; nobody needs to wait for it. */
  public static void start(VectorKernel kernel, SearchPool pool) {
    Thread.ofPlatform().daemon().name("index-warm-up").start(() -> run(kernel, pool));
  }

  static void run(VectorKernel kernel, SearchPool pool) {
    run(kernel, pool, BY_VALUES);
    run(kernel, pool, BY_PRODUCTS); // the product, loaded beside the first run, is there by now
  }

  private static void run(VectorKernel kernel, SearchPool pool, ScanPolicy policy) {
    MemoryBudget budget = new MemoryBudget(RowChunk.bytes(DIMENSION, RowChunk.GRANULE));
    try (ExactIndex index = new ExactIndex(DIMENSION, kernel, pool, budget, policy)) {
      List<VectorChange> rows = new ArrayList<>();
      for (int row = 0; row < RowChunk.GRANULE; row++) {
        float[] values = new float[DIMENSION];
        values[row] = 1;
        rows.add(new VectorChange.Put(new VectorId("row " + row), Payload.EMPTY, values));
      }
      index.apply(rows);
      float[] values = new float[DIMENSION];
      Arrays.fill(values, 1);
      Query query = new Query.OfValues(values);
      for (int i = 0; i < SEARCHES; i++) {
        int count = QUERIES[i % QUERIES.length];
        index.search(new SearchRequest(Collections.nCopies(count, query), 1, () -> false));
      }
    }
  }
}
