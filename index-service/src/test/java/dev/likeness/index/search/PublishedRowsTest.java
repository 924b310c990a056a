package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.kernel.ScalarKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublishedRowsTest {

  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final PublishedRows published = new PublishedRows();

  @Test
  void areEmptyAtFirst() {
    assertThat(published.current().rowCount()).isZero();
  }

  @Test
  void stayReadableForThoseWhoHoldThem() {
    // Given
    publishOneRow();
    RowSnapshot held = published.hold();

    // When
    published.publish(RowSnapshot.empty());

    // Then
    assertThat(published.current().rowCount()).isZero();
    assertThat(held.stored(0).chunk().values(0)).containsExactly(7);
    held.letGo();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void areFreedAtOnceIfNobodyHoldsThem() {
    publishOneRow();
    assertThat(budget.usedBytes()).isPositive();
    published.publish(RowSnapshot.empty());
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void cannotBeHeldWhenTheLastHolderIsGone() {
    RowSnapshot first = published.current();
    published.publish(RowSnapshot.empty());
    assertThat(first.tryHold()).isFalse();
    assertThat(published.hold()).isSameAs(published.current());
  }

  private void publishOneRow() {
    RowChunk chunk = new RowChunk(1, RowChunk.GRANULE, new ScalarKernel(), budget);
    chunk.write(0, new VectorChange.Put(new VectorId("a"), Payload.EMPTY, new float[] {7}));
    published.publish(published.current().next(List.of(chunk), 1, Set.of()));
    chunk.letGo();
  }
}
