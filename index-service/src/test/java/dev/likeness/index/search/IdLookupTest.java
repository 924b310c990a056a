package dev.likeness.index.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.kernel.ScalarKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdLookupTest {

  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final WrittenRows rows = new WrittenRows(1, new ScalarKernel(), budget);
  private final IdLookup ids = new IdLookup(rows);
  private final PublishedRows published = new PublishedRows();

  @AfterEach
  void free() {
    published.publish(RowSnapshot.empty());
    rows.letGo();
  }

  @Test
  void findsTheRowThatWasWrittenLast() {
    write(Set.of(), "a", "b");
    write(Set.of(0), "a");
    assertThat(find("a")).hasValue(2);
    assertThat(find("b")).hasValue(1);
    assertThat(find("c")).isEmpty();
  }

  @Test
  void findsNothingThatIsDeleted() {
    write(Set.of(), "a", "b");
    write(Set.of(0));
    assertThat(find("a")).isEmpty();
    assertThat(find("b")).hasValue(1);
  }

  @Test
  void findsRowsOfABatchThatIsNotPublishedYet() {
    write(Set.of(), "a");
    rows.stage(1).write(List.of(put("b")));
    ids.put(bytes("b"), hash("b"), rows.nextPosition(), published.current());
    assertThat(find("b")).hasValue(1);
  }

  @Test
  void tellsWhichLiveRowAnIdHadThatIsWrittenAgain() {
    write(Set.of(), "a", "b");
    write(Set.of(1));
    RowSnapshot now = published.current();
    rows.stage(2).write(List.of(put("a"), put("b")));
    assertThat(ids.put(bytes("a"), hash("a"), 2, now)).hasValue(0);
    assertThat(ids.put(bytes("b"), hash("b"), 3, now)).isEmpty();
  }

  @Test
  void findsRowsWhileTheyAreSealedUnlessTheyAreWrittenAgain() {
    // Given
    write(Set.of(), "a", "b");
    freeze();

    // When
    write(Set.of(0), "a");

    // Then
    assertThat(find("a")).hasValue(2);
    assertThat(find("b")).hasValue(1);
  }

  @Test
  void findsRowsOfASealThatFailedWhenItIsTriedAgain() {
    write(Set.of(), "a", "b");
    freeze();
    write(Set.of(0), "a");
    freeze();
    assertThat(find("a")).hasValue(2);
    assertThat(find("b")).hasValue(1);
  }

  @Test
  void findsLaterRowsWhenFrozenOnesHaveLeft() {
    // Given
    write(Set.of(), "a", "b");
    freeze();
    List<RowChunk> frozen = rows.chunks();
    write(Set.of(), "c");

    // When
    published.publish(published.current().edited(frozen, null, new BitSet()));
    rows.removeFrozen(frozen);
    ids.removeFrozen();
    frozen.forEach(RowChunk::letGo);

    // Then
    assertThat(find("c")).hasValue(0);
    assertThat(find("a")).isEmpty();
  }

  @Test
  void knowsRowsThatWereCopied() {
    write(Set.of(), "a", "b", "c");
    write(Set.of(1));
    WrittenRows copy = rows.copyOfLive(published.current());
    IdLookup ofCopy = IdLookup.of(copy);
    RowSnapshot now = RowSnapshot.empty().next(copy.chunks(), copy.count(), Set.of());
    assertThat(ofCopy.find(bytes("c"), hash("c"), now)).hasValue(1);
    assertThat(ofCopy.find(bytes("b"), hash("b"), now)).isEmpty();
    now.letGo();
    copy.letGo();
  }

  private void freeze() {
    ids.freeze();
    rows.freeze();
    published.publish(published.current().next(rows.chunks(), rows.count(), Set.of()));
  }

  private void write(Set<Integer> deleted, String... names) {
    List<VectorChange> batch = new ArrayList<>();
    int position = rows.nextPosition();
    WrittenRows.Room room = rows.stage(names.length);
    for (String name : names) {
      batch.add(put(name));
    }
    room.write(batch);
    for (String name : names) {
      ids.put(bytes(name), hash(name), position++, published.current());
    }
    int count = rows.count() + names.length;
    published.publish(published.current().next(rows.chunks(), count, deleted));
    rows.show(names.length);
  }

  private OptionalInt find(String name) {
    return ids.find(bytes(name), hash(name), published.current());
  }

  private static VectorChange put(String name) {
    return new VectorChange.Put(new VectorId(name), Payload.EMPTY, new float[] {1});
  }

  private static byte[] bytes(String name) {
    return name.getBytes(UTF_8);
  }

  private static long hash(String name) {
    return IdHash.of(bytes(name));
  }
}
