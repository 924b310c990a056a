package dev.likeness.index.kernel;

import static dev.likeness.index.kernel.VectorKernel.BLOCK_ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kernel owes its callers; see {@link VectorKernel}. */
abstract class VectorKernelContract {

  /** A second block behind the first shows that the offset is honoured. */
  private static final int BLOCKS = 2;

  abstract VectorKernel kernel();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 512, 1280})
  void sumsInTheStatedOrderBitForBit(int dimension) {
    for (int queryCount : new int[] {1, 2, 3, 4, 5, 8, 11}) {
      // Given
      Random random = new Random(31L * dimension + queryCount);
      float[][] rows = floats(random, BLOCKS * BLOCK_ROWS, dimension);
      float[][] queries = floats(random, queryCount + 1, dimension);
      float[] scores = new float[queryCount * BLOCK_ROWS];

      // When
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment blocks = blocks(arena, rows, dimension);
        long secondBlock = (long) dimension * BLOCK_ROWS * Float.BYTES;
        kernel().scoreBlock(blocks, secondBlock, dimension, flat(queries), 1, queryCount, scores);
      }

      // Then
      for (int q = 0; q < queryCount; q++) {
        for (int r = 0; r < BLOCK_ROWS; r++) {
          float expected = 0;
          for (int i = 0; i < dimension; i++) {
            expected = Math.fma(queries[q + 1][i], rows[BLOCK_ROWS + r][i], expected);
          }
          assertThat(Float.floatToRawIntBits(scores[q * BLOCK_ROWS + r]))
              .isEqualTo(Float.floatToRawIntBits(expected));
        }
      }
    }
  }

  @Test
  void isCloseToTheSumInDoublePrecision() {
    // Given
    Random random = new Random(5);
    float[][] rows = floats(random, BLOCK_ROWS, 2048);
    float[][] query = floats(random, 1, 2048);
    float[] scores = new float[BLOCK_ROWS];

    // When
    try (Arena arena = Arena.ofConfined()) {
      kernel().scoreBlock(blocks(arena, rows, 2048), 0, 2048, query[0], 0, 1, scores);
    }

    // Then
    double exact = 0;
    for (int i = 0; i < 2048; i++) {
      exact += (double) query[0][i] * rows[0][i];
    }
    assertThat((double) scores[0]).isCloseTo(exact, within(1e-3));
  }

  private static float[][] floats(Random random, int count, int dimension) {
    float[][] vectors = new float[count][dimension];
    for (float[] vector : vectors) {
      for (int i = 0; i < dimension; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
    return vectors;
  }

  private static float[] flat(float[][] vectors) {
    float[] flat = new float[vectors.length * vectors[0].length];
    for (int v = 0; v < vectors.length; v++) {
      System.arraycopy(vectors[v], 0, flat, v * vectors[0].length, vectors[0].length);
    }
    return flat;
  }

  private static MemorySegment blocks(Arena arena, float[][] rows, int dimension) {
    MemorySegment memory =
        arena.allocate(Math.max(1, (long) rows.length * dimension * Float.BYTES), 64);
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < dimension; i++) {
        long block = row / BLOCK_ROWS;
        long at = (block * dimension + i) * BLOCK_ROWS + row % BLOCK_ROWS;
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, at, rows[row][i]);
      }
    }
    return memory;
  }
}
