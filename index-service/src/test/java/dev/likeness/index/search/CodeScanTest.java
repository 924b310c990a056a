package dev.likeness.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.kernel.ScalarKernel;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scan of codes must answer what the scan of values answers, on data made to break it. */
class CodeScanTest {

  private static final int DIMENSION = 64;
  private static final int ROWS = 5000;

  private final SearchPool pool = new SearchPool(2, 64);
  private final MemoryBudget budget = new MemoryBudget(64 << 20);

  @AfterEach
  void stopThreads() {
    pool.close();
  }

  /** Vectors for inner product: any length is allowed. */
  private enum Data {
    /** Values halfway between two codes, where rounding is worst. */
    HALF_CODES {
      @Override
      float[] draw(Random random, int row) {
        float[] values = new float[DIMENSION];
        values[0] = 127;
        for (int i = 1; i < DIMENSION; i++) {
          values[i] = random.nextInt(-126, 126) + 0.5f;
        }
        return values;
      }
    },
    /** One huge value takes all codes: the others round to zero. */
    ONE_LARGE_VALUE {
      @Override
      float[] draw(Random random, int row) {
        float[] values = gaussian(random, 1);
        values[random.nextInt(DIMENSION)] *= 1000;
        return values;
      }
    },
    /** Differences in the last bits of a float. */
    NEARLY_EQUAL {
      @Override
      float[] draw(Random random, int row) {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
          values[i] = 1 + random.nextInt(4) * 0x1p-23f;
        }
        return values;
      }
    },
    DUPLICATED {
      @Override
      float[] draw(Random random, int row) {
        return gaussian(new Random(row % 7), 1);
      }
    },
    /** Lengths from 10^-38 to 10^15. */
    ALL_LENGTHS {
      @Override
      float[] draw(Random random, int row) {
        return gaussian(random, (float) Math.pow(10, random.nextInt(-38, 15)));
      }
    },
    /** Products below the smallest float. */
    TINY {
      @Override
      float[] draw(Random random, int row) {
        return gaussian(random, 1e-25f);
      }
    },
    /** Values whose codes would need an infinite factor. */
    SUBNORMAL {
      @Override
      float[] draw(Random random, int row) {
        return gaussian(random, Float.MIN_VALUE * 50);
      }
    },
    ZERO {
      @Override
      float[] draw(Random random, int row) {
        return row % 3 == 0 ? gaussian(random, 1) : new float[DIMENSION];
      }
    },
    RANDOM {
      @Override
      float[] draw(Random random, int row) {
        return gaussian(random, 1);
      }
    };

    abstract float[] draw(Random random, int row);

    private static float[] gaussian(Random random, float length) {
      float[] values = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        values[i] = Math.clamp((float) random.nextGaussian() * length, -1e15f, 1e15f);
      }
      return values;
    }
  }

  @ParameterizedTest
  @EnumSource(Data.class)
  void answersWhatTheScanOfValuesAnswers(Data data) {
    ScanPolicy always = new ScanPolicy(Integer.MAX_VALUE, 0, 1);
    answersWhatTheScanOfValuesAnswers(data, new SimdKernel(), always);
    answersWhatTheScanOfValuesAnswers(data, new ScalarKernel(), always);
  }

  @ParameterizedTest
  @EnumSource(Data.class)
  void productsAnswerWhatTheScanOfValuesAnswers(Data data) {
    answersWhatTheScanOfValuesAnswers(data, Products.with(Products.ONNX), Products.ALWAYS);
  }

  private void answersWhatTheScanOfValuesAnswers(
      Data data, VectorKernel kernel, ScanPolicy always) {
    // Given
    ScanPolicy never = new ScanPolicy(0, 0, 0);
    try (ExactIndex byCodes = indexOf(data, kernel, always);
        ExactIndex byValues = indexOf(data, kernel, never)) {
      for (Data queriesFrom : List.of(data, Data.RANDOM, Data.ALL_LENGTHS)) {
        for (int k : new int[] {1, 10, 300}) {
          // When
          SearchResult found = byCodes.search(request(queriesFrom, 5, k));
          SearchResult expected = byValues.search(request(queriesFrom, 5, k));

          // Then
          for (int q = 0; q < 5; q++) {
            assertThat(found.answers().get(q).neighbors())
                .as("queries %s, %d, k %d, %s", queriesFrom, q, k, kernel.name())
                .isEqualTo(expected.answers().get(q).neighbors());
          }
        }
      }
    }
  }

  @Test
  void scoresFewRowsAgain() {
    try (ExactIndex index = indexOf(Data.RANDOM, new SimdKernel(), ScanPolicy.DEFAULT)) {
      NeighborList answer = index.search(request(Data.RANDOM, 1, 10)).answers().getFirst();
      assertThat(answer.visitedCount()).isEqualTo(ROWS);
      assertThat(answer.rescoredCount()).isBetween(10L, 200L);
    }
  }

  @Test
  void readsAllValuesWhenCodesCannotTellRowsApart() {
    try (ExactIndex index = indexOf(Data.NEARLY_EQUAL, new SimdKernel(), ScanPolicy.DEFAULT)) {
      NeighborList answer = index.search(request(Data.RANDOM, 1, 1)).answers().getFirst();
      assertThat(answer.rescoredCount()).isZero();
      assertThat(answer.neighbors()).hasSize(1);
    }
  }

  private static SearchRequest request(Data data, int queryCount, int k) {
    List<Query> queries = new ArrayList<>();
    for (int q = 0; q < queryCount; q++) {
      queries.add(new Query.OfValues(data.draw(new Random(q), q)));
    }
    return new SearchRequest(queries, k, () -> false);
  }

  private ExactIndex indexOf(Data data, VectorKernel kernel, ScanPolicy policy) {
    ExactIndex index = new ExactIndex(DIMENSION, kernel, pool, budget, policy);
    Random random = new Random(17);
    List<VectorChange> batch = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      VectorId id = new VectorId("v" + row);
      batch.add(new VectorChange.Put(id, Payload.EMPTY, data.draw(random, row)));
    }
    for (int row = 0; row < ROWS; row += 50) {
      batch.add(new VectorChange.Delete(new VectorId("v" + row)));
    }
    index.apply(batch);
    return index;
  }
}
