package dev.likeness.index.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.index.vector.Similarity;
import org.junit.jupiter.api.Test;

class ScaledQueryTest {

  @Test
  void keepsTheDigitsOfProductsOfAnySize() {
    for (float size : new float[] {1e-38f, 1e-15f, 1, 1e7f, Similarity.MAX_MAGNITUDE}) {
      for (float stored : new float[] {1e-12f, -0.3f, 0.3f, -1, 1, -Similarity.MAX_MAGNITUDE}) {
        // Given
        ScaledQuery query = ScaledQuery.of(new float[] {size});
        float product = query.values()[0] * stored;

        // When
        float score = product >= 0 ? product + 1 : 1 / (1 - product);

        // Then
        double expected = (double) size * stored;
        assertThat((double) query.product(score))
            .as("%s x %s", size, stored)
            .isCloseTo(expected, within(Math.abs(expected) * 3e-7 + Float.MIN_VALUE));
      }
    }
  }

  @Test
  void scoresNothingForAQueryOfZeros() {
    assertThat(ScaledQuery.of(new float[3]).product(1)).isZero();
  }
}
