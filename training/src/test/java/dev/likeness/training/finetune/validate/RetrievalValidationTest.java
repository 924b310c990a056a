package dev.likeness.training.finetune.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RetrievalValidationTest {

  /** Directions in degrees. */
  private static float[][] circle(double... degrees) {
    float[][] vectors = new float[degrees.length][];
    for (int i = 0; i < degrees.length; i++) {
      double angle = Math.toRadians(degrees[i]);
      vectors[i] = new float[] {(float) (3 * Math.cos(angle)), (float) (3 * Math.sin(angle))};
    }
    return vectors;
  }

  @Test
  void separateClassesScoreAThousand() {
    ValidationScore score =
        RetrievalValidation.of(new int[] {0, 0, 1, 1}).measure(circle(0, 5, 90, 95)).score();

    assertThat(score.score()).isEqualTo(1000);
    assertThat(score.meanAveragePrecision()).isEqualTo(1);
    assertThat(score.precisionAt10()).isEqualTo(0.1);
    assertThat(score.queries()).isEqualTo(4);
    assertThat(score.gallery()).isEqualTo(3);
    assertThat(score.quality()).isEqualTo(1);
  }

  @Test
  void queryIsNotItsOwnAnswer() {
    ValidationScore score =
        RetrievalValidation.of(new int[] {0, 1, 0, 1}).measure(circle(0, 5, 90, 95)).score();

    assertThat(score.top1()).isZero();
    assertThat(score.top5()).isEqualTo(1);
    assertThat(score.score()).isCloseTo(400, within(1e-9));
  }

  @Test
  void imageWithoutPartnerOnlyAnswers() {
    ValidationScore score =
        RetrievalValidation.of(new int[] {0, 0, 1}).measure(circle(0, 5, 90)).score();

    assertThat(score.queries()).isEqualTo(2);
    assertThat(score.gallery()).isEqualTo(2);
  }

  @Test
  void differenceIsOfTheSameQueries() {
    RetrievalValidation validation = RetrievalValidation.of(new int[] {0, 0, 1, 1});
    RetrievalValidation.Result good = validation.measure(circle(0, 5, 90, 95));
    RetrievalValidation.Result bad = validation.measure(circle(0, 90, 5, 95));

    ScoreDifference difference = RetrievalValidation.difference(bad, good, 1);
    assertThat(difference.mean()).isCloseTo(600, within(1e-9));
    assertThat(difference.certain()).isTrue();
    assertThat(RetrievalValidation.difference(good, good, 1).certain()).isFalse();
  }

  @Test
  void refusesSetWithoutPairs() {
    assertThatThrownBy(() -> RetrievalValidation.of(new int[] {0, 1, 2}))
        .hasMessageContaining("no two held-out images");
  }
}
