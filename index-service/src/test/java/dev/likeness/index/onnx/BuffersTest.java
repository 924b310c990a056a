package dev.likeness.index.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuffersTest {

  private final Buffers buffers = new Buffers();

  @Test
  void giveTheSameMemoryAgain() {
    Buffers.Pair first = buffers.take(64, 128);
    buffers.giveBack(first);
    assertThat(buffers.take(32, 100)).isSameAs(first);
  }

  @Test
  void neverGiveMemoryToTwo() {
    Buffers.Pair first = buffers.take(64, 64);
    Buffers.Pair second = buffers.take(64, 64);
    assertThat(first.rows().address()).isNotEqualTo(second.rows().address());
    assertThat(first.sums().address()).isNotEqualTo(second.sums().address());
  }

  @Test
  void growWithWhatIsAskedFor() {
    buffers.giveBack(buffers.take(64, 64));
    Buffers.Pair larger = buffers.take(65, 32);
    assertThat(larger.rows().byteSize()).isGreaterThanOrEqualTo(65);
    assertThat(larger.sums().byteSize()).isEqualTo(64);
  }
}
