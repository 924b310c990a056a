package dev.likeness.index.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.vector.PayloadValue.BooleanValue;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.PayloadValue.TextValue;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadTest {

  @Test
  void readsBackItsFields() {
    Map<String, PayloadValue> fields =
        Map.of(
            "path", new TextValue("größe/日本.jpg"),
            "width", new NumberValue(-0.25),
            "cropped", new BooleanValue(true),
            "empty", new TextValue(""));
    Payload payload = Payload.of(fields);
    assertThat(payload.fields()).isEqualTo(fields);
    assertThat(Payload.fromBytes(payload.toBytes())).isEqualTo(payload);
  }

  @Test
  void rejectsTooManyFields() {
    Map<String, PayloadValue> fields = new HashMap<>();
    for (int i = 0; i <= Payload.MAX_FIELDS; i++) {
      fields.put("f" + i, new BooleanValue(true));
    }
    assertThatThrownBy(() -> Payload.of(fields))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("payload: must have at most 64 fields, has 65");
  }

  @Test
  void rejectsNumbersThatAreNone() {
    assertThatThrownBy(() -> new NumberValue(Double.NaN))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void rejectsTextThatIsTooLong() {
    assertThatThrownBy(() -> new TextValue("ü".repeat(2049)))
        .hasMessage("payload: must have 0 to 4096 bytes of UTF-8, has 4098");
  }
}
