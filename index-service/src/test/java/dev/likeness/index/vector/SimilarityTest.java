package dev.likeness.index.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidVectorException;
import java.util.Random;
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
  void cosineLeavesVectorsOfLengthOneAsTheyAre() {
    Random random = new Random(3);
    for (int dimension : new int[] {1, 2, 7, 64, 512, 4096}) {
      float[] values = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        values[i] = (float) random.nextGaussian();
      }
      float[] once = Similarity.COSINE.prepare("values", values);
      assertThat(Similarity.COSINE.prepare("values", once)).containsExactly(once);
    }
  }

  @Test
  void cosineScalesWhatIsFartherFromLengthOneThanTheTolerance() {
    float within = (float) Math.sqrt(1 + 0.5 * Similarity.UNIT_TOLERANCE);
    float beyond = (float) Math.sqrt(1 + 1.5 * Similarity.UNIT_TOLERANCE);
    assertThat(Similarity.COSINE.prepare("values", new float[] {within})).containsExactly(within);
    assertThat(Similarity.COSINE.prepare("values", new float[] {beyond})).containsExactly(1);
    assertThat(Similarity.COSINE.prepare("values", new float[] {1 / beyond})).containsExactly(1);
  }

  @Test
  void preparesInPlaceWhatItsOwnerGivesAway() {
    float[] values = {3, 0, -4};
    Similarity.COSINE.prepare("values", values, VectorScaling.PLAIN);
    assertThat(values).containsExactly(0.6f, 0, -0.8f);
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
