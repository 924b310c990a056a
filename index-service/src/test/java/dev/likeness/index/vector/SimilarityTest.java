package dev.likeness.index.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidVectorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimilarityTest {

  @Test
  void cosineScalesToLengthOne() {
    assertThat(Similarity.COSINE.prepare("values", new float[] {3, 0, -4}))
        .containsExactly(0.6f, 0, -0.8f);
  }

  @Test
  void cosineScalesTinyAndHugeVectors() {
    assertThat(Similarity.COSINE.prepare("values", new float[] {Float.MIN_VALUE}))
        .containsExactly(1);
    assertThat(Similarity.COSINE.prepare("values", new float[] {-1e15f})).containsExactly(-1);
  }

  @Test
  void innerProductCopies() {
    float[] values = {3, 0, -4};
    float[] prepared = Similarity.INNER_PRODUCT.prepare("values", values);
    values[0] = 0;
    assertThat(prepared).containsExactly(3, 0, -4);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 2e15f})
  void rejectsValuesThatCannotBeCompared(float value) {
    for (Similarity similarity : Similarity.values()) {
      assertThatThrownBy(() -> similarity.prepare("values", new float[] {1, value}))
          .isInstanceOf(InvalidVectorException.class)
          .hasMessageContaining("value 1 is");
    }
  }

  @Test
  void cosineRejectsTheZeroVector() {
    assertThatThrownBy(() -> Similarity.COSINE.prepare("values", new float[2]))
        .isInstanceOf(InvalidVectorException.class);
    assertThat(Similarity.INNER_PRODUCT.prepare("values", new float[2])).containsExactly(0, 0);
  }
}
