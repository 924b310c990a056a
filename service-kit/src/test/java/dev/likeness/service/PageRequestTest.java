package dev.likeness.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PageRequestTest {

  @Test
  void walksThroughAllItemsOnce() {
    List<String> all = List.of("a", "b", "c", "d", "e");
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      var page = PageRequest.of(2, token, 100, 1000).cut(all, Function.identity());
      seen.addAll(page.items());
      token = page.nextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void takesDefaultAndMaximumSizes() {
    assertThat(PageRequest.of(0, "", 100, 1000).size()).isEqualTo(100);
    assertThat(PageRequest.of(5000, "", 100, 1000).size()).isEqualTo(1000);
  }

  @Test
  void rejectsNegativeSizesAndForeignTokens() {
    assertThatThrownBy(() -> PageRequest.of(-1, "", 100, 1000))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("page_size");
    assertThatThrownBy(() -> PageRequest.of(0, "%%%", 100, 1000))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("page_token");
  }
}
