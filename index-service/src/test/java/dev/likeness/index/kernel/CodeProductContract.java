package dev.likeness.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every product of codes owes its callers. */
public abstract class CodeProductContract {

  protected abstract CodeProduct product();

  @ParameterizedTest
  @CsvSource({
    "64, 16, 64, 64",
    "80, 48, 128, 128",
    "512, 256, 128, 64",
    "2048, 16, 64, 64",
    "4096, 32, 64, 64"
  })
  void sumsProductsExactly(int stride, int lanes, int rowCapacity, int rowCount) {
    // Given: the largest magnitudes there are, and others
    Random random = new Random(stride);
    byte[] queries = new byte[stride * lanes];
    random.nextBytes(queries);
    byte[] rows = new byte[rowCapacity * stride];
    random.nextBytes(rows);
    for (int i = 0; i < stride; i++) {
      queries[i * lanes] = 127;
      queries[i * lanes + 1] = -127;
      rows[i] = (byte) (127 + CodeProduct.OFFSET);
      rows[stride + i] = (byte) (-127 + CodeProduct.OFFSET);
    }
    try (Arena arena = Arena.ofShared();
        CodeProduct.Panel panel = product().panel(memory(arena, queries), stride, lanes);
        CodeProduct.Workspace workspace = product().workspace(rowCapacity, stride, lanes)) {
      MemorySegment.copy(rows, 0, workspace.rows(), ValueLayout.JAVA_BYTE, 0, rows.length);

      // When
      workspace.multiply(panel, rowCount);

      // Then
      for (int row = 0; row < rowCount; row++) {
        for (int lane = 0; lane < lanes; lane++) {
          int expected = 0;
          for (int i = 0; i < stride; i++) {
            int code = (rows[row * stride + i] & 0xff) - CodeProduct.OFFSET;
            expected += code * queries[i * lanes + lane];
          }
          assertThat(workspace.sums().getAtIndex(ValueLayout.JAVA_INT, (long) row * lanes + lane))
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void severalThreadsShareAPanel() throws Exception {
    // Given: row r of thread t is all t + r, queries are all lane
    int stride = 64;
    int lanes = 16;
    byte[] queries = new byte[stride * lanes];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = (byte) (i % lanes);
    }
    CodeProduct product = product();
    try (Arena arena = Arena.ofShared();
        CodeProduct.Panel panel = product.panel(memory(arena, queries), stride, lanes);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {

      // When
      List<Future<Boolean>> right =
          IntStream.range(0, 4)
              .mapToObj(t -> threads.submit(() -> multiplies(product, panel, t, stride, lanes)))
              .toList();

      // Then
      for (Future<Boolean> answer : right) {
        assertThat(answer.get()).isTrue();
      }
    }
  }

  private static boolean multiplies(
      CodeProduct product, CodeProduct.Panel panel, int thread, int stride, int lanes) {
    boolean right = true;
    for (int repetition = 0; repetition < 50; repetition++) {
      try (CodeProduct.Workspace workspace =
          product.workspace(CodeProduct.ROW_STEP, stride, lanes)) {
        for (int row = 0; row < CodeProduct.ROW_STEP; row++) {
          byte value = (byte) (thread + row + CodeProduct.OFFSET);
          workspace.rows().asSlice((long) row * stride, stride).fill(value);
        }
        workspace.multiply(panel, CodeProduct.ROW_STEP);
        for (int at = 0; at < CodeProduct.ROW_STEP * lanes; at++) {
          int expected = stride * (thread + at / lanes) * (at % lanes);
          right &= workspace.sums().getAtIndex(ValueLayout.JAVA_INT, at) == expected;
        }
      }
    }
    return right;
  }

  private static MemorySegment memory(Arena arena, byte[] codes) {
    MemorySegment memory = arena.allocate(codes.length, Long.BYTES);
    memory.copyFrom(MemorySegment.ofArray(codes));
    return memory;
  }
}
