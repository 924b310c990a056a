package dev.likeness.index.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.kernel.ScalarKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WrittenRowsTest {

  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final WrittenRows rows = new WrittenRows(1, new ScalarKernel(), budget);
  private final PublishedRows published = new PublishedRows();

  @AfterEach
  void leaveNoMemoryBehind() {
    published.publish(RowSnapshot.empty());
    rows.letGo();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void doubleTheirRoomInWholeBlocks() {
    rows.reserve(1);
    assertThat(capacities()).containsExactly(64);
    rows.reserve(65);
    assertThat(capacities()).containsExactly(64, 64);
    rows.reserve(200);
    assertThat(capacities()).containsExactly(64, 64, 128);
  }

  @Test
  void takeNoMoreThanIsLeftWhenRoomCannotBeDoubled() {
    // Given: room for four blocks, and two of them taken
    MemoryBudget small = new MemoryBudget(4 * RowChunk.bytes(100, RowChunk.GRANULE));
    WrittenRows few = new WrittenRows(100, new ScalarKernel(), small);
    few.reserve(192);

    // When
    assertThatThrownBy(() -> few.reserve(257)).isInstanceOf(IndexFullException.class);

    // Then
    assertThat(few.chunks()).extracting(RowChunk::capacity).containsExactly(64, 64, 128);
    few.letGo();
    assertThat(small.usedBytes()).isZero();
  }

  @Test
  void stageBatchesOneBehindTheOther() {
    stage(50, "a");
    stage(50, "b");
    assertThat(rows.count()).isZero();
    rows.show(50);
    assertThat(rows.count()).isEqualTo(50);
    rows.show(50);
    assertThat(rows.count()).isEqualTo(100);
    assertThat(rows.id(49)).asString().isEqualTo("a49");
    assertThat(rows.id(50)).asString().isEqualTo("b0");
    assertThat(rows.hasId(99, "b49".getBytes(UTF_8))).isTrue();
  }

  @Test
  void writeOverWhatWasStagedAndForgotten() {
    stage(3, "a");
    rows.unstage();
    stage(1, "b");
    rows.show(1);
    assertThat(rows.count()).isOne();
    assertThat(rows.id(0)).asString().isEqualTo("b0");
  }

  @Test
  void keepTheirPositionsWhenEarlierOnesLeave() {
    // Given
    show(70, "a");
    rows.freeze();
    List<RowChunk> frozen = rows.chunks();
    assertThat(capacities()).containsExactly(64, 6);
    show(10, "b");
    assertThat(rows.id(70)).asString().isEqualTo("b0");

    // When
    rows.removeFrozen(frozen);
    frozen.forEach(RowChunk::letGo);

    // Then
    assertThat(rows.id(70)).asString().isEqualTo("b0");
    assertThat(rows.rowAt(70)).isZero();
    assertThat(rows.count()).isEqualTo(10);
    assertThat(rows.nextPosition()).isEqualTo(80);
  }

  @Test
  void giveBackChunksThatHoldNothingWhenTheyAreFrozen() {
    show(10, "a");
    rows.reserve(100);
    rows.freeze();
    assertThat(capacities()).containsExactly(10);
  }

  @Test
  void areCopiedWithoutTheDead() {
    // Given: every third is alive
    show(300, "a");
    List<Integer> dead = IntStream.range(0, 300).filter(row -> row % 3 > 0).boxed().toList();
    published.publish(published.current().next(rows.chunks(), 300, Set.copyOf(dead)));

    // When
    WrittenRows copy = rows.copyOfLive(published.current());

    // Then
    assertThat(copy.count()).isEqualTo(100);
    for (int row = 0; row < 100; row++) {
      assertThat(copy.id(row)).asString().isEqualTo("a" + 3 * row);
    }
    copy.letGo();
  }

  @Test
  void areCopiedOnlyWhereNothingHoldsThemToTheirPlaces() {
    show(2000, "a");
    assertThat(rows.isWorthCopying(1000)).isFalse();
    assertThat(rows.isWorthCopying(1024)).isTrue();
    stage(1, "b");
    assertThat(rows.isWorthCopying(1024)).isFalse();
    rows.unstage();
    rows.freeze();
    assertThat(rows.isWorthCopying(1024)).isFalse();
  }

  @Test
  void leaveNothingBehindWhenThereIsNoMemoryForACopy() {
    // Given
    show(128, "a");
    published.publish(published.current().next(rows.chunks(), 128, Set.of()));
    long taken = budget.freeBytes() - RowChunk.bytes(1, RowChunk.GRANULE);
    budget.take(taken);
    long used = budget.usedBytes();

    // When
    assertThatThrownBy(() -> rows.copyOfLive(published.current()))
        .isInstanceOf(IndexFullException.class);

    // Then
    assertThat(budget.usedBytes()).isEqualTo(used);
    budget.giveBack(taken);
  }

  private void show(int count, String prefix) {
    stage(count, prefix);
    rows.show(count);
  }

  private void stage(int count, String prefix) {
    List<VectorChange> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(new VectorChange.Put(new VectorId(prefix + i), Payload.EMPTY, new float[] {i}));
    }
    rows.stage(count).write(batch);
  }

  private List<Integer> capacities() {
    return rows.chunks().stream().map(RowChunk::capacity).toList();
  }
}
