package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Vectors that were written to their place before their batch was durable. */
class StagingTest {

  private final SearchPool pool = new SearchPool(2, 8);
  private final MemoryBudget budget = new MemoryBudget(64 << 20);
  private final ExactIndex index = new ExactIndex(1, new SimdKernel(), pool, budget);

  @AfterEach
  void close() {
    index.close();
    pool.close();
  }

  @Test
  void areFoundWhenTheirBatchIsAppliedAndNotBefore() {
    // Given
    List<VectorChange> first = List.of(put("a", 1), put("b", 2));
    List<VectorChange> second = List.of(new VectorChange.Delete(new VectorId("a")), put("c", 3));
    index.stage(first);
    index.stage(second);

    // When, then
    assertThat(found()).isEmpty();
    index.apply(first);
    assertThat(found()).containsExactly("b 2.0", "a 1.0");
    index.apply(second);
    assertThat(found()).containsExactly("c 3.0", "b 2.0");
  }

  @Test
  void leaveNoTraceWhenTheyAreForgotten() {
    index.apply(List.of(put("a", 1)));
    index.stage(List.of(put("b", 9), put("c", 9)));
    index.unstage();
    List<VectorChange> next = List.of(put("d", 2));
    index.stage(next);
    index.apply(next);
    index.apply(List.of(put("e", 3)));
    assertThat(found()).containsExactly("e 3.0", "d 2.0", "a 1.0");
  }

  @Test
  void stayWhereTheyAreWhileDeadRowsAreDropped() {
    for (int round = 0; round < 8; round++) {
      // Given: each batch replaces all vectors of the one before
      List<List<VectorChange>> batches = new ArrayList<>();
      for (int batch = 0; batch < 3; batch++) {
        List<VectorChange> changes = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
          changes.add(put("v" + i, 1000 * batch + i));
        }
        batches.add(changes);
      }

      // When
      batches.forEach(index::stage);
      batches.forEach(index::apply);

      // Then
      assertThat(index.size()).isEqualTo(600);
      assertThat(found()).startsWith("v599 2599.0", "v598 2598.0");
    }
    assertThat(index.memoryBytes()).isLessThan(1 << 20);
  }

  @Test
  void leaveRoomThatIsCutOffWhenRowsAreSealed() {
    // Given: all rows of the first chunk, and a chunk for those of a batch that came to nothing
    List<VectorChange> full = new ArrayList<>();
    for (int i = 0; i < RowChunk.GRANULE; i++) {
      full.add(put("v" + i, i));
    }
    index.apply(full);
    index.stage(full);
    index.unstage();
    index.apply(List.of(new VectorChange.Delete(new VectorId("v0"))));

    // When
    try (FrozenRows frozen = index.freeze()) {
      // Then
      assertThat(frozen.count()).isEqualTo(RowChunk.GRANULE - 1);
    }
    index.apply(List.of(put("w", 100)));
    assertThat(found()).startsWith("w 100.0", "v63 63.0");
  }

  @Test
  void takeThePlaceOfRowsThatAreSealedMeanwhile() {
    // Given
    index.apply(List.of(put("a", 1), put("b", 2), put("c", 3)));
    List<VectorChange> batch =
        List.of(put("a", 10), new VectorChange.Delete(new VectorId("b")), put("d", 4));
    try (FrozenRows frozen = index.freeze()) {
      index.stage(batch);

      // When
      index.replace(frozen, new Copied(frozen));
      assertThat(found()).containsExactly("c 3.0", "b 2.0", "a 1.0");
      int existing = index.apply(batch);

      // Then
      assertThat(existing).isEqualTo(2);
      assertThat(found()).containsExactly("a 10.0", "d 4.0", "c 3.0");
      assertThat(index.size()).isEqualTo(3);
    }
  }

  @Test
  void replaceTheRightRowsWhenTheseMoveUpWhileTheyAreSealed() {
    // Given: the first row is dead, so each other lies one further up when it is sealed
    index.apply(List.of(put("gone", 9), put("a", 1), put("b", 2), put("c", 3)));
    index.apply(List.of(new VectorChange.Delete(new VectorId("gone"))));
    List<VectorChange> batch = List.of(put("a", 10), new VectorChange.Delete(new VectorId("b")));
    try (FrozenRows frozen = index.freeze()) {
      index.stage(batch);

      // When
      index.replace(frozen, new Copied(frozen));
      int existing = index.apply(batch);

      // Then
      assertThat(existing).isEqualTo(2);
      assertThat(found()).containsExactly("a 10.0", "c 3.0");
      assertThat(index.size()).isEqualTo(2);
    }
  }

  @Test
  void replaceASealedRowOnlyOnce() {
    // Given
    index.apply(List.of(put("a", 1), put("b", 2)));
    try (FrozenRows frozen = index.freeze()) {
      index.replace(frozen, new Copied(frozen));
    }
    List<VectorChange> first = List.of(new VectorChange.Delete(new VectorId("a")));
    List<VectorChange> second = List.of(put("a", 10), put("b", 20));
    List<VectorChange> third = List.of(put("a", 11), put("b", 21));
    List.of(first, second, third).forEach(index::stage);

    // When, then
    assertThat(index.apply(first)).isEqualTo(1);
    assertThat(index.apply(second)).isEqualTo(1);
    assertThat(index.apply(third)).isEqualTo(2);
    assertThat(found()).containsExactly("b 21.0", "a 11.0");
    assertThat(index.size()).isEqualTo(2);
  }

  @Test
  void replaceEachOtherWithinABatch() {
    index.apply(List.of(put("a", 1)));
    VectorChange delete = new VectorChange.Delete(new VectorId("a"));
    List<VectorChange> batch =
        List.of(put("a", 2), put("a", 3), put("b", 4), delete, put("a", 5), put("b", 6));
    index.stage(batch);
    assertThat(index.apply(batch)).isEqualTo(4);
    assertThat(found()).containsExactly("b 6.0", "a 5.0");
  }

  private List<String> found() {
    List<Query> queries = List.of(new Query.OfValues(new float[] {1}));
    SearchRequest request = new SearchRequest(queries, 10, () -> false);
    return index.search(request).answers().getFirst().neighbors().stream()
        .map(neighbor -> neighbor.id() + " " + neighbor.score())
        .toList();
  }

  private static VectorChange put(String id, float value) {
    return new VectorChange.Put(new VectorId(id), Payload.EMPTY, new float[] {value});
  }

  /** Rows in memory instead of a file. */
  private static final class Copied implements SealedRows {
    private final List<VectorId> ids = new ArrayList<>();
    private final MemorySegment values;

    private Copied(FrozenRows rows) {
      values = Arena.ofAuto().allocate((long) RowChunk.GRANULE * Float.BYTES, 64);
      for (int row = 0; row < rows.count(); row++) {
        ids.add(VectorId.fromBytes(rows.idBytes(row)));
        values.asSlice((long) row * Float.BYTES).copyFrom(rows.values(row, 1));
      }
    }

    @Override
    public int count() {
      return ids.size();
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public MemorySegment values() {
      return values;
    }

    @Override
    public byte[] idBytes(int row) {
      return ids.get(row).toBytes();
    }

    @Override
    public Payload payload(int row) {
      return Payload.EMPTY;
    }

    @Override
    public OptionalInt find(byte[] id, long hash) {
      int row = ids.indexOf(VectorId.fromBytes(id));
      return row < 0 ? OptionalInt.empty() : OptionalInt.of(row);
    }

    @Override
    public void close() {}
  }
}
