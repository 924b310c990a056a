package dev.likeness.encoders.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class InputBuffersTest {

  private final InputBuffers buffers = new InputBuffers();

  @Test
  void givesWhatWasGivenBackAgain() {
    FloatBuffer first = buffers.take(10);
    first.put(1f);
    buffers.giveBack(first);
    FloatBuffer second = buffers.take(9);
    assertThat(second).isSameAs(first);
    assertThat(second.position()).isZero();
  }

  @Test
  void givesNoBufferToTwo() {
    FloatBuffer first = buffers.take(10);
    FloatBuffer second = buffers.take(10);
    assertThat(second).isNotSameAs(first);
    buffers.giveBack(first);
    buffers.giveBack(second);
    assertThat(buffers.take(10)).isNotSameAs(buffers.take(10));
  }

  @Test
  void keepsNoMemoryOfSizesThatAreNoLongerAskedFor() {
    FloatBuffer large = buffers.take(1000);
    buffers.giveBack(large);
    assertThat(buffers.take(10).capacity()).isEqualTo(10);
    assertThat(buffers.take(1000)).isNotSameAs(large);
  }

  @Test
  void isNativeMemoryInTheOrderOfTheMachine() {
    FloatBuffer buffer = buffers.take(3);
    assertThat(buffer.isDirect()).isTrue();
    assertThat(buffer.order()).isEqualTo(ByteOrder.nativeOrder());
  }
}
