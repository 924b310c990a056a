package dev.likeness.encoders.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class ScalesTest {

  @Test
  void representsZeroExactlyAndBothEndsOfTheRange() {
    assertThat(AffineScale.ofRange(0, 2.55)).isEqualTo(new AffineScale(0.01f, 0));
    assertThat(AffineScale.ofRange(-1, 1.55)).isEqualTo(new AffineScale(0.01f, 100));
    assertThat(AffineScale.ofRange(1, 2.55))
        .as("widened to 0")
        .isEqualTo(new AffineScale(0.01f, 0));
    assertThat(AffineScale.ofRange(-2.55, -1).zeroPoint()).isEqualTo(255);
  }

  @Test
  void takesAnyScaleWhereThereIsNoRange() {
    assertThat(AffineScale.ofRange(0, 0)).isEqualTo(new AffineScale(1, 0));
    assertThat(AffineScale.ofRange(Double.NaN, Double.NaN)).isEqualTo(new AffineScale(1, 0));
  }

  @Test
  void givesEachOutputChannelItsOwnScale() {
    // Given: [2 outputs, 3 inputs]
    float[] weight = {1.27f, 0, -0.5f, 127, 1, -127};

    // When
    ChannelWeights rows = ChannelWeights.of(weight, 2, 3, new float[0], 1);

    // Then
    assertThat(rows.scales()).containsExactly(new float[] {0.01f, 1}, within(1e-7f));
    assertThat(rows.codes()).containsExactly(127, 0, -50, 127, 1, -127);
  }

  @Test
  void findsTheChannelsOfATransposedWeight() {
    // Given: the same, [3 inputs, 2 outputs]
    float[] weight = {1.27f, 127, 0, 1, -0.5f, -127};

    // When
    ChannelWeights columns = ChannelWeights.of(weight, 2, 1, new float[0], 1);

    // Then
    assertThat(columns.scales()).containsExactly(new float[] {0.01f, 1}, within(1e-7f));
    assertThat(columns.codes()).containsExactly(127, 127, 0, 1, -50, -127);
  }

  @Test
  void keepsABiasInRangeBesideTinyWeights() {
    // Given: with the weight's own scale the bias would need 44 bits
    float[] bias = {1000};

    // When
    ChannelWeights weights = ChannelWeights.of(new float[] {1e-8f}, 1, 1, bias, 0.01f);
    float[] scales = weights.biasScales(0.01f);

    // Then
    int code = ChannelWeights.biasCodes(bias, scales)[0];
    assertThat(code).isBetween(1 << 29, 1 << 30);
    assertThat(code * (double) scales[0]).isCloseTo(1000, within(0.001));
  }

  @Test
  void leavesADeadChannelAtZero() {
    ChannelWeights weights = ChannelWeights.of(new float[4], 2, 2, new float[0], 1);

    assertThat(weights.codes()).containsOnly(0);
    assertThat(weights.scales()).containsOnly(1f);
  }

  @Test
  void cutsARareOutlierOff() {
    // Given: two million values from 0 to 1, and one of 20
    float[] values = new float[2_000_001];
    for (int i = 0; i < 2_000_000; i++) {
      values[i] = i / 2_000_000f;
    }
    values[2_000_000] = 20;
    ActivationHistogram histogram = new ActivationHistogram(0, 20);

    // When
    histogram.add(FloatBuffer.wrap(values));

    // Then
    assertThat(histogram.leastSquares().scale() * 255).isBetween(1f, 1.1f);
  }

  @Test
  void keepsAnOutlierThatIsNotRareEnough() {
    // Given: one of a thousand
    float[] values = new float[1000];
    values[999] = 20;
    ActivationHistogram histogram = new ActivationHistogram(0, 20);

    // When
    histogram.add(FloatBuffer.wrap(values));

    // Then
    assertThat(histogram.leastSquares().scale() * 255).isCloseTo(20, within(0.01f));
  }

  @Test
  void keepsTheEndsOfAnEvenDistribution() {
    ActivationHistogram histogram = new ActivationHistogram(-1, 1);
    float[] values = new float[2001];
    for (int i = 0; i <= 2000; i++) {
      values[i] = (i - 1000) / 1000f;
    }

    histogram.add(FloatBuffer.wrap(values));

    assertThat(histogram.leastSquares().scale() * 255).isCloseTo(2, within(0.01f));
  }
}
