package dev.likeness.index.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.vector.VectorId;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowIdsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 5000})
  void holdIdsOfEveryLength(int count) {
    Random random = new Random(count);
    byte[][] written = new byte[count][];
    for (int row = 0; row < count; row++) {
      int length = row % 3 == 0 ? VectorId.MAX_BYTES : 1 + random.nextInt(VectorId.MAX_BYTES);
      written[row] = ("%05d".formatted(row) + "x".repeat(VectorId.MAX_BYTES)).getBytes(UTF_8);
      written[row] = Arrays.copyOf(written[row], length);
    }
    RowIds ids = new RowIds(count);
    for (int row = 0; row < count; row++) {
      ids.write(row, written[row]);
    }
    for (int row = 0; row < count; row++) {
      assertThat(ids.bytes(row)).isEqualTo(written[row]);
      assertThat(ids.is(row, written[row])).isTrue();
      assertThat(ids.is(row, "other".getBytes(UTF_8))).isFalse();
      assertThat(ids.hash(row)).isEqualTo(IdHash.of(written[row]));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 511, 512})
  void beginAgainAtAnEarlierRow(int length) {
    RowIds ids = new RowIds(128);
    byte[] longest = "l".repeat(VectorId.MAX_BYTES).getBytes(UTF_8);
    for (int again = 0; again < 50; again++) {
      ids.write(0, "first".getBytes(UTF_8));
      for (int row = 1; row < 128; row++) {
        ids.write(row, again % 2 == 0 ? longest : "s".repeat(length).getBytes(UTF_8));
      }
    }
    assertThat(ids.bytes(0)).isEqualTo("first".getBytes(UTF_8));
    assertThat(ids.bytes(127)).hasSize(length);
  }
}
