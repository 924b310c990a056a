package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the product of codes costs, and what becomes of it when a search ends early. */
class ProductScanTest {

  private static final int DIMENSION = 100;
  private static final int ROWS = 6000;

  private final SearchPool pool = new SearchPool(3, 64);
  private final MemoryBudget budget = new MemoryBudget(64 << 20);
  private final Counted product = new Counted();

  @AfterEach
  void stopThreads() {
    pool.close();
  }

  @Test
  void scoresFewRowsAgain() {
    try (ExactIndex index = filled(ScanPolicy.DEFAULT, 1)) {
      SearchResult result = index.search(request(300, 10, () -> false));
      assertThat(product.multiplied.get()).isPositive();
      for (NeighborList answer : result.answers()) {
        assertThat(answer.visitedCount()).isEqualTo(ROWS);
        assertThat(answer.rescoredCount()).isBetween(10L, 300L);
      }
    }
  }

  @Test
  void readsAllValuesWhenCodesCannotTellRowsApart() {
    // Given: rows that differ in their last bits only
    try (ExactIndex index = filled(ScanPolicy.DEFAULT, 1e-7f);
        ExactIndex byValues = filled(new ScanPolicy(0, 0, 0), 1e-7f)) {
      // When
      SearchResult result = index.search(request(40, 3, () -> false));

      // Then
      assertThat(product.multiplied.get()).isPositive();
      assertThat(result.rescoredCount()).isZero();
      assertThat(neighbors(result))
          .isEqualTo(neighbors(byValues.search(request(40, 3, () -> false))));
    }
    assertThat(product.open.get()).isZero();
  }

  @Test
  void readsAllValuesForQueriesTooSmallForCodes() {
    try (ExactIndex index = filled(Products.ALWAYS, 1)) {
      List<Query> queries = new ArrayList<>(queries(20));
      queries.add(new Query.OfValues(new float[DIMENSION]));
      SearchResult result = index.search(new SearchRequest(queries, 2, () -> false));
      assertThat(result.rescoredCount()).isZero();
      assertThat(result.answers().getLast().neighbors()).hasSize(2);
    }
    assertThat(product.open.get()).isZero();
  }

  @Test
  void givesUpWhenNobodyWaitsAnyMore() {
    AtomicInteger asked = new AtomicInteger();
    try (ExactIndex index = filled(Products.ALWAYS, 1)) {
      SearchRequest request = request(50, 5, () -> asked.incrementAndGet() > 3);
      assertThatThrownBy(() -> index.search(request)).isInstanceOf(SearchAbandonedException.class);
    }
    assertThat(asked.get()).isLessThan(3 + 2 * 3);
    assertThat(product.open.get()).isZero();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void aFailingProductFailsTheSearchAndLeavesNothingOpen() {
    try (ExactIndex index = filled(Products.ALWAYS, 1)) {
      product.failing = true;
      assertThatThrownBy(() -> index.search(request(50, 5, () -> false)))
          .hasMessage("no product today");
      assertThat(product.open.get()).isZero();

      product.failing = false;
      assertThat(index.search(request(50, 5, () -> false)).answers()).hasSize(50);
    }
    assertThat(product.open.get()).isZero();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void searchesSealedAndWrittenRowsTogether() {
    // Given: two sealed parts with deleted rows, and written rows behind them
    try (ExactIndex index = filled(Products.ALWAYS, 1);
        ExactIndex byValues = filled(new ScanPolicy(0, 0, 0), 1)) {
      for (ExactIndex each : List.of(index, byValues)) {
        for (int part = 1; part <= 2; part++) {
          HeapRows rows = new HeapRows(part);
          BitSet deleted = new BitSet();
          deleted.set(3, 70);
          each.attach(rows, deleted);
          if (part == 1) {
            each.encode(rows);
          }
        }
      }

      // When: the second part has no codes yet
      SearchResult before = index.search(request(70, 30, () -> false));

      // Then
      SearchResult expected = byValues.search(request(70, 30, () -> false));
      assertThat(before.rescoredCount()).isZero();
      assertThat(neighbors(before)).isEqualTo(neighbors(expected));

      // When: it has
      index.sealed().forEach(state -> index.encode(state.rows()));
      SearchResult after = index.search(request(70, 30, () -> false));

      // Then
      assertThat(after.rescoredCount()).isPositive();
      assertThat(neighbors(after)).isEqualTo(neighbors(expected));
    }
  }

  /** Random rows, scaled around a common vector. */
  private ExactIndex filled(ScanPolicy policy, float spread) {
    ExactIndex index = new ExactIndex(DIMENSION, Products.with(product), pool, budget, policy);
    Random random = new Random(3);
    List<VectorChange> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      float[] values = gaussian(random);
      for (int i = 0; i < DIMENSION; i++) {
        values[i] = (spread < 1 ? 1 : 0) + spread * values[i];
      }
      rows.add(new VectorChange.Put(new VectorId("v" + row), Payload.EMPTY, values));
    }
    index.apply(rows);
    return index;
  }

  private static SearchRequest request(int queryCount, int k, BooleanSupplier abandoned) {
    return new SearchRequest(queries(queryCount), k, abandoned);
  }

  private static List<Query> queries(int count) {
    Random random = new Random(4);
    List<Query> queries = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      queries.add(new Query.OfValues(gaussian(random)));
    }
    return queries;
  }

  private static List<List<Neighbor>> neighbors(SearchResult result) {
    return result.answers().stream().map(NeighborList::neighbors).toList();
  }

  private static float[] gaussian(Random random) {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Sealed rows that lie on the heap. */
  private static final class HeapRows implements SealedRows {
    private static final int COUNT = 1000;

    private final int part;
    private final MemorySegment values =
        Arena.ofAuto().allocate(1024L * DIMENSION * Float.BYTES, 64);

    HeapRows(int part) {
      this.part = part;
      Random random = new Random(100 + part);
      for (int row = 0; row < COUNT; row++) {
        MemorySegment.copy(
            gaussian(random),
            0,
            values,
            ValueLayout.JAVA_FLOAT,
            (long) row * DIMENSION * Float.BYTES,
            DIMENSION);
      }
    }

    @Override
    public int count() {
      return COUNT;
    }

    @Override
    public int dimension() {
      return DIMENSION;
    }

    @Override
    public MemorySegment values() {
      return values;
    }

    @Override
    public byte[] idBytes(int row) {
      return new VectorId("s" + part + "-" + row).toBytes();
    }

    @Override
    public Payload payload(int row) {
      return Payload.EMPTY;
    }

    @Override
    public OptionalInt find(byte[] id, long hash) {
      return OptionalInt.empty();
    }

    @Override
    public void close() {}
  }

  /** Counts what is open, and fails when told to. */
  private static final class Counted implements CodeProduct {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger multiplied = new AtomicInteger();
    private volatile boolean failing;

    @Override
    public String name() {
      return "counted";
    }

    @Override
    public Panel panel(MemorySegment codes, int stride, int lanes) {
      open.incrementAndGet();
      Panel panel = Products.ONNX.panel(codes, stride, lanes);
      return new CountedPanel(panel, open);
    }

    private record CountedPanel(Panel panel, AtomicInteger open) implements Panel {
      @Override
      public void close() {
        panel.close();
        open.decrementAndGet();
      }
    }

    @Override
    public Workspace workspace(int rows, int stride, int lanes) {
      open.incrementAndGet();
      Workspace workspace = Products.ONNX.workspace(rows, stride, lanes);
      return new Workspace() {
        @Override
        public MemorySegment rows() {
          return workspace.rows();
        }

        @Override
        public MemorySegment sums() {
          return workspace.sums();
        }

        @Override
        public void multiply(Panel panel, int rowCount) {
          if (failing) {
            throw new IllegalStateException("no product today");
          }
          multiplied.incrementAndGet();
          workspace.multiply(((CountedPanel) panel).panel(), rowCount);
        }

        @Override
        public void close() {
          workspace.close();
          open.decrementAndGet();
        }
      };
    }
  }
}
