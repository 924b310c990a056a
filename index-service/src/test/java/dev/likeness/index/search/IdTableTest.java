package dev.likeness.index.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdTableTest {

  private final List<String> ids = new ArrayList<>();
  private final IdTable table = new IdTable();

  @Test
  void findsThePositionThatWasPutLast() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 3000; i++) {
        put(table, "id-" + i, IdHash.of(bytes("id-" + i)));
      }
    }
    for (int i = 0; i < 3000; i++) {
      String id = "id-" + i;
      assertThat(table.find(IdHash.of(bytes(id)), at -> ids.get(at).equals(id))).hasValue(3000 + i);
    }
    assertThat(table.find(IdHash.of(bytes("none")), at -> ids.get(at).equals("none"))).isEmpty();
  }

  @Test
  void tellsIdsOfEqualHashesApart() {
    put(table, "a", 0);
    put(table, "b", 0);
    assertThat(table.find(0, at -> ids.get(at).equals("a"))).hasValue(0);
    assertThat(table.find(0, at -> ids.get(at).equals("b"))).hasValue(1);
    assertThat(table.find(0, at -> ids.get(at).equals("c"))).isEmpty();
  }

  @Test
  void takesOverWhatIsLater() {
    put(table, "a", 1);
    put(table, "b", 2);
    IdTable later = new IdTable();
    put(later, "b", 2);
    put(later, "c", 3L << 32);
    IdTable both =
        table.followedBy(later, (position, other) -> ids.get(position).equals(ids.get(other)));
    assertThat(both.find(1, at -> ids.get(at).equals("a"))).hasValue(0);
    assertThat(both.find(2, at -> ids.get(at).equals("b"))).hasValue(2);
    assertThat(both.find(3L << 32, at -> ids.get(at).equals("c"))).hasValue(3);
  }

  @Test
  void nothingIsFollowedByTheLaterTableItself() {
    IdTable later = new IdTable();
    put(later, "a", 1);
    assertThat(table.followedBy(later, (position, other) -> false)).isSameAs(later);
  }

  @Test
  void keepsPositionsOfBothSigns() {
    for (int position : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0}) {
      table.put((long) position << 32, position, at -> at == position);
      assertThat(table.find((long) position << 32, at -> at == position)).hasValue(position);
    }
  }

  private void put(IdTable to, String id, long hash) {
    to.put(hash, ids.size(), at -> ids.get(at).equals(id));
    ids.add(id);
  }

  private static byte[] bytes(String id) {
    return id.getBytes(UTF_8);
  }
}
