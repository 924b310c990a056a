package dev.likeness.encoders.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PcaWhiteningTest {

  @Test
  void givesUncorrelatedValuesOfVarianceOne() {
    // Given
    float[][] vectors = stretched(400, 6);

    // When
    LinearProjection projection = PcaWhitening.fit(vectors, 6, 0);

    // Then
    double[][] covariance = covariance(vectors, projection);
    for (int row = 0; row < 6; row++) {
      for (int column = 0; column < 6; column++) {
        assertThat(covariance[row][column]).isCloseTo(row == column ? 1 : 0, within(1e-4));
      }
    }
  }

  @Test
  void givesTheSameFromFewImagesAsFromMany() {
    // Given: 12 images of 10 dimensions, and the same padded to 40 dimensions (fewer images than
    // these)
    float[][] few = stretched(12, 10);
    float[][] padded = new float[12][];
    for (int i = 0; i < 12; i++) {
      padded[i] = Arrays.copyOf(few[i], 40);
    }

    // When
    float[] direct = PcaWhitening.fit(few, 5, 0.3).apply(few[3]);
    float[] fromGram = PcaWhitening.fit(padded, 5, 0.3).apply(padded[3]);

    // Then
    assertThat(fromGram).containsExactly(direct, within(1e-4f));
  }

  @Test
  void fullShrinkageKeepsProportions() {
    float[][] vectors = stretched(300, 4);
    double[][] covariance = covariance(vectors, PcaWhitening.fit(vectors, 4, 1));
    assertThat(covariance[0][0]).isGreaterThan(4 * covariance[3][3]);
  }

  @Test
  void isDeterministic() {
    float[][] vectors = stretched(50, 8);
    LinearProjection first = PcaWhitening.fit(vectors, 8, 0.2);
    LinearProjection again = PcaWhitening.fit(vectors, 8, 0.2);
    assertThat(again.apply(vectors[0])).isEqualTo(first.apply(vectors[0]));
  }

  @Test
  void refusesTooFewImages() {
    assertThatThrownBy(() -> PcaWhitening.fit(stretched(20, 30), 20, 0.2))
        .isInstanceOfSatisfying(
            TooFewImagesException.class,
            few -> {
              assertThat(few.actual()).isEqualTo(20);
              assertThat(few.required()).isEqualTo(21);
            })
        .hasMessageContaining("at least 21");
    assertThatThrownBy(() -> PcaWhitening.fit(new float[0][], 2, 0.2))
        .isInstanceOf(TooFewImagesException.class);
  }

  @Test
  void refusesVectorsThatDoNotVary() {
    float[][] same = new float[20][];
    Arrays.fill(same, new float[] {0.6f, 0.8f});
    assertThatThrownBy(() -> PcaWhitening.fit(same, 1, 0.2)).hasMessageContaining("same vector");
  }

  @Test
  void refusesVectorsOfDifferentLength() {
    float[][] vectors = stretched(20, 4);
    vectors[7] = new float[3];
    assertThatThrownBy(() -> PcaWhitening.fit(vectors, 2, 0.2)).hasMessageContaining("4 values");
  }

  @Test
  void suggestsNoMoreDimensionsThanThereIsVariance() {
    assertThat(PcaWhitening.defaultDimension(450, 1280)).isEqualTo(56);
    assertThat(PcaWhitening.defaultDimension(9000, 1280)).isEqualTo(256);
    assertThat(PcaWhitening.defaultDimension(100, 1280)).isEqualTo(32);
    assertThat(PcaWhitening.defaultDimension(20, 1280)).isEqualTo(19);
    assertThat(PcaWhitening.defaultDimension(1000, 64)).isEqualTo(64);
  }

  private static double[][] covariance(float[][] vectors, LinearProjection projection) {
    int size = projection.outputDimension();
    double[][] covariance = new double[size][size];
    for (float[] vector : vectors) {
      float[] projected = projection.apply(vector);
      for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) {
          covariance[row][column] += projected[row] * projected[column] / (double) vectors.length;
        }
      }
    }
    return covariance;
  }

  /** Normal values whose deviation falls with the dimension, moved away from the origin. */
  private static float[][] stretched(int count, int dimension) {
    Random random = new Random(11);
    float[][] vectors = new float[count][dimension];
    for (float[] vector : vectors) {
      for (int i = 0; i < dimension; i++) {
        vector[i] = (float) (1 + random.nextGaussian() * 3 / (i + 1));
      }
    }
    return vectors;
  }
}
