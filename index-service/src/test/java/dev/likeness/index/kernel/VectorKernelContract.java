package dev.likeness.index.kernel;

import static dev.likeness.index.kernel.VectorKernel.BLOCK_ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kernel owes its callers; see {@link VectorKernel}. */
abstract class VectorKernelContract {

  /** Rows before the block show that the offset is honoured. */
  private static final int ROWS_BEFORE = 3;

  abstract VectorKernel kernel();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 512, 1280})
  void sumsInTheStatedOrderBitForBit(int dimension) {
    for (int rowCount : new int[] {1, 5, 12, 13, BLOCK_ROWS}) {
      for (int width : new int[] {kernel().narrowWidth(), kernel().wideWidth()}) {
        for (int queryCount : new int[] {1, width - 1, width}) {
          // Given
          Random random = new Random(31L * dimension + queryCount);
          float[][] rows = floats(random, ROWS_BEFORE + rowCount, dimension);
          float[][] queries = floats(random, queryCount + 1, dimension);

          // When
          float[][] scores = allScores(rows, rowCount, queries, queryCount, width);

          // Then
          for (int q = 0; q < queryCount; q++) {
            for (int r = 0; r < rowCount; r++) {
              float expected = sequential(queries[q + 1], rows[ROWS_BEFORE + r]);
              assertThat(Float.floatToRawIntBits(scores[q][r]))
                  .isEqualTo(Float.floatToRawIntBits(expected));
            }
          }
        }
      }
    }
  }

  @Test
  void answersOnlyWhatReachesTheThreshold() {
    // Given: row r scores r
    float[][] rows = new float[20][1];
    for (int r = 0; r < rows.length; r++) {
      rows[r][0] = r;
    }
    Hits hits = new Hits(kernel().wideWidth());
    hits.clear();
    hits.setThreshold(1, 17);

    // When
    try (Arena arena = Arena.ofConfined()) {
      RowTile tile = new RowTile(kernel(), VectorKernel.TILE_STEP, 1, true, true);
      tile.load(segment(arena, rows), 0, 19);
      QueryPanel panel = new QueryPanel(new float[] {1, 1}, 0, 2, kernel().wideWidth(), 1);
      kernel().scoreTile(tile, panel, hits);
    }

    // Then: neither lane 0, which has no threshold, nor row 19, which lies behind the last
    assertThat(hits.count()).isEqualTo(2);
    assertThat(new int[] {hits.row(0), hits.row(1)}).containsExactlyInAnyOrder(17, 18);
    assertThat(new int[] {hits.lane(0), hits.lane(1)}).containsOnly(1);
  }

  @Test
  void scoresSingleRowsWithTheSameBits() {
    // Given
    Random random = new Random(3);
    float[][] rows = floats(random, 4, 37);
    float[] query = floats(random, 1, 37)[0];

    // When
    float[] four = new float[4];
    float[] single = new float[4];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = segment(arena, rows);
      long stride = 37L * Float.BYTES;
      SequentialScores.scoreFour(
          query,
          new MemorySegment[] {memory, memory, memory, memory},
          new long[] {0, stride, 2 * stride, 3 * stride},
          four);
      for (int r = 0; r < 4; r++) {
        single[r] = SequentialScores.score(query, memory, r * stride);
      }
    }

    // Then
    for (int r = 0; r < 4; r++) {
      assertThat(four[r]).isEqualTo(sequential(query, rows[r])).isEqualTo(single[r]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 48, 512, 2048})
  void sumsProductsWithCodes(int stride) {
    // Given
    Random random = new Random(stride);
    byte[] codes = new byte[5 * stride];
    random.nextBytes(codes);
    float[] query = floats(random, 1, stride)[0];
    float[] sums = new float[5];

    // When
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(codes.length, 64);
      MemorySegment.copy(codes, 0, memory, ValueLayout.JAVA_BYTE, 0, codes.length);
      kernel().scoreCodes(query, memory, 4L * stride, stride, 0, 2L * stride, stride, sums, 1);
    }

    // Then
    int[] rows = {4, 1, 0, 2};
    for (int r = 0; r < 4; r++) {
      double expected = 0;
      double magnitude = 0;
      for (int i = 0; i < stride; i++) {
        expected += (double) query[i] * codes[rows[r] * stride + i];
        magnitude += Math.abs((double) query[i] * codes[rows[r] * stride + i]);
      }
      assertThat((double) sums[1 + r]).isCloseTo(expected, within(magnitude * stride * 0x1p-24));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 48, 256})
  void findsTheLanesThatReachTheirThreshold(int lanes) {
    // Given: exactly at the threshold, just below, above, and without a query
    Random random = new Random(lanes);
    float scale = 0.37f;
    float[] thresholds = new float[lanes];
    List<Integer> expected = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sums = arena.allocate((lanes + 3L) * Integer.BYTES, Integer.BYTES);
      for (int lane = 0; lane < lanes; lane++) {
        int sum = random.nextInt(-70_000_000, 70_000_000);
        sums.setAtIndex(ValueLayout.JAVA_INT, 3 + lane, sum);
        float scaled = sum * scale;
        int kind = random.nextInt(4);
        thresholds[lane] =
            switch (kind) {
              case 0 -> scaled;
              case 1 -> Math.nextUp(scaled);
              case 2 -> Float.NEGATIVE_INFINITY;
              default -> Float.POSITIVE_INFINITY;
            };
        if (kind == 0 || kind == 2) {
          expected.add(lane);
        }
      }

      // When
      int[] reached = new int[lanes];
      int count = kernel().reached(sums, 3L * Integer.BYTES, lanes, scale, thresholds, reached);

      // Then
      assertThat(Arrays.stream(reached).limit(count).boxed().toList()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 15, 16, 17, 100, 512})
  void roundsToTheNearestCode(int dimension) {
    // Given: halves as well, which may go either way
    Random random = new Random(dimension);
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (random.nextInt(-253, 253) / 2f + (i % 2 == 0 ? 0 : 0.3f)) / 4;
    }
    values[dimension / 2] = -31.75f;
    byte[] codes = new byte[dimension];

    // When
    float largest = kernel().largest(values);
    float squares = kernel().encode(values, 4, codes);

    // Then
    double left = 0;
    float most = 0;
    for (int i = 0; i < dimension; i++) {
      assertThat(Math.abs(values[i] * 4 - codes[i])).isLessThanOrEqualTo(0.5f);
      left += Math.pow(values[i] * 4 - codes[i], 2);
      most = Math.max(most, Math.abs(values[i]));
    }
    assertThat(largest).isEqualTo(most);
    assertThat((double) squares).isCloseTo(left, within(1e-5 * left));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 48, 64, 112, 128, 144, 256, 384, 512, 768, 4096})
  void sumsProductsOfRoundedQueriesWithCodesExactly(int stride) {
    // Given: the largest magnitudes there are, which must not overflow
    Random random = new Random(stride);
    float[] query = new float[stride];
    byte[] codes = new byte[5 * stride];
    for (int i = 0; i < stride; i++) {
      query[i] = random.nextInt(3) - 1;
      for (int row = 0; row < 5; row++) {
        codes[row * stride + i] =
            (byte)
                (row == 0
                    ? 127 * query[i]
                    : row == 1 ? -127 * query[i] : random.nextInt(255) - 127);
      }
    }
    CodedQuery coded = new CodedQuery(stride);
    coded.set(query);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(codes.length);
      memory.copyFrom(MemorySegment.ofArray(codes));
      CodedBlock block = new CodedBlock(stride, 7);
      int[] rows = {3, 0, 1, 2, 4};
      for (int i = 0; i < rows.length; i++) {
        block.set(i, memory, rows[i]);
      }

      for (int count = 0; count <= rows.length; count++) {
        // When
        int[] sums = new int[7];
        kernel().scoreCodes(coded, block, count, sums);

        // Then
        for (int i = 0; i < count; i++) {
          int expected = 0;
          for (int j = 0; j < stride; j++) {
            int code = (int) (63 * query[j]);
            expected += code * codes[rows[i] * stride + j];
          }
          assertThat(sums[i]).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void isCloseToTheSumInDoublePrecision() {
    // Given
    Random random = new Random(5);
    float[][] rows = floats(random, ROWS_BEFORE + 1, 2048);
    float[][] queries = floats(random, 2, 2048);

    // When
    float[][] scores = allScores(rows, 1, queries, 1, kernel().narrowWidth());

    // Then
    double exact = 0;
    for (int i = 0; i < 2048; i++) {
      exact += (double) queries[1][i] * rows[ROWS_BEFORE][i];
    }
    assertThat((double) scores[0][0]).isCloseTo(exact, within(1e-3));
  }

  /** Scores of the queries from the second on with the rows behind the first few. */
  private float[][] allScores(
      float[][] rows, int rowCount, float[][] queries, int queryCount, int width) {
    int dimension = rows[0].length;
    Hits hits = new Hits(width);
    hits.clear();
    for (int q = 0; q < queryCount; q++) {
      hits.setThreshold(q, Float.NEGATIVE_INFINITY);
    }
    try (Arena arena = Arena.ofConfined()) {
      RowTile tile = new RowTile(kernel(), BLOCK_ROWS, dimension, true, true);
      tile.load(segment(arena, rows), (long) ROWS_BEFORE * dimension * Float.BYTES, rowCount);
      QueryPanel panel = new QueryPanel(flat(queries), 1, queryCount, width, dimension);
      kernel().scoreTile(tile, panel, hits);
    }
    assertThat(hits.count()).isEqualTo(queryCount * rowCount);
    float[][] scores = new float[queryCount][rowCount];
    for (int hit = 0; hit < hits.count(); hit++) {
      scores[hits.lane(hit)][hits.row(hit)] = hits.score(hit);
    }
    return scores;
  }

  private static float sequential(float[] query, float[] row) {
    float score = 0;
    for (int i = 0; i < query.length; i++) {
      score = Math.fma(query[i], row[i], score);
    }
    return score;
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

  private static MemorySegment segment(Arena arena, float[][] rows) {
    float[] flat = flat(rows);
    MemorySegment memory = arena.allocate((long) flat.length * Float.BYTES, 64);
    MemorySegment.copy(flat, 0, memory, ValueLayout.JAVA_FLOAT, 0, flat.length);
    return memory;
  }
}
