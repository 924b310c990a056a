package dev.likeness.index.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "dir/Größe 1.jpg", "😀", " "})
  void readsBackFromItsBytes(String value) {
    VectorId id = new VectorId(value);
    assertThat(VectorId.fromBytes(id.toBytes())).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\u0000", "\ud800", "\udc00x", "x\ud800y"})
  void rejectsWhatCannotBeAKey(String value) {
    assertThatThrownBy(() -> new VectorId(value)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void countsBytesNotCharacters() {
    assertThat(new VectorId("x".repeat(512)).value()).hasSize(512);
    assertThatThrownBy(() -> new VectorId("ü".repeat(257)))
        .hasMessage("id: must have 1 to 512 bytes of UTF-8, has 514");
  }
}
