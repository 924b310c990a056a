package dev.likeness.index.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.vector.VectorId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SortKeyTest {

  @Test
  void ordersAsIdsDo() {
    List<String> ids =
        List.of(
            "a",
            "ab",
            "b",
            "~",
            "\u00E9",
            "\uD7FF",
            "\uD83D\uDE00",
            "\uD83D\uDE01",
            "\uE000",
            "\uFF5E");
    for (String a : ids) {
      for (String b : ids) {
        int byId = Integer.signum(new VectorId(a).compareTo(new VectorId(b)));
        int byKey = Integer.signum(Arrays.compareUnsigned(key(a), key(b)));
        assertThat(byKey).as("%s, %s", a, b).isEqualTo(byId);
      }
    }
  }

  @Test
  void plainIdsAreTheirOwnKeys() {
    assertThat(SortKey.of(new VectorId("shoes/漢字.jpg"))).isEqualTo("shoes/漢字.jpg");
  }

  private static byte[] key(String id) {
    return SortKey.of(new VectorId(id)).getBytes(StandardCharsets.UTF_8);
  }
}
