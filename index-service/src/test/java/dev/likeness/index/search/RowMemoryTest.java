package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowMemoryTest {

  @ParameterizedTest
  @ValueSource(longs = {64, 4096, (2 << 20) - 64, 2 << 20, (3 << 20) + 64, 20 << 20})
  void blocksAreAlignedAndNeverShared(long bytes) {
    for (int round = 0; round < 4; round++) {
      try (Arena arena = Arena.ofShared()) {
        List<MemorySegment> blocks = new ArrayList<>();
        for (int b = 0; b < 5; b++) {
          MemorySegment block = RowMemory.allocate(arena, bytes);
          block.fill((byte) b);
          blocks.add(block);
        }
        for (int b = 0; b < 5; b++) {
          MemorySegment block = blocks.get(b);
          assertThat(block.byteSize()).isEqualTo(bytes);
          assertThat(block.address() % 64).isZero();
          assertThat(block.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) b);
          assertThat(block.get(ValueLayout.JAVA_BYTE, bytes - 1)).isEqualTo((byte) b);
        }
      }
    }
  }
}
