package dev.likeness.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.vector.VectorScaling;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimdScalingTest {

  private static final VectorScaling SIMD = SimdScaling.like(new SimdKernel());

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 7, 8, 9, 15, 16, 31, 512, 1023})
  void hasTheBitsOfThePlainLoops(int dimension) {
    Random random = new Random(dimension);
    for (int scale = -40; scale <= 30; scale += 5) {
      float[] values = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        values[i] = (float) (random.nextGaussian() * Math.pow(10, scale));
      }
      double squares = VectorScaling.PLAIN.squares(values);
      double factor = 1 / Math.sqrt(squares);
      assertThat(SIMD.squares(values)).isEqualTo(squares);
      assertThat(scaled(SIMD, values, factor))
          .isEqualTo(scaled(VectorScaling.PLAIN, values, factor));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 8, 16})
  void passesOnWhatIsNotANumberOrInfinite(int at) {
    float[] values = new float[17];
    values[at] = Float.NaN;
    assertThat(SIMD.squares(values)).isNaN();
    values[at] = Float.NEGATIVE_INFINITY;
    assertThat(SIMD.squares(values)).isInfinite();
  }

  @Test
  void isPlainBesideAScalarKernel() {
    assertThat(SimdScaling.like(new ScalarKernel())).isSameAs(VectorScaling.PLAIN);
  }

  private static float[] scaled(VectorScaling scaling, float[] values, double factor) {
    float[] scaled = values.clone();
    scaling.scale(scaled, factor);
    return scaled;
  }
}
