package dev.likeness.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against loops over unit vectors at angles, and against differences. */
@RequiresLibtorch
class LossTest {

  private static final double[] DEGREES = {0, 20, 90, 130, 200};
  private static final long[] LABELS = {0, 0, 1, 1, 2};

  private TorchScope scope;

  @BeforeEach
  void open() {
    scope = TorchScope.training();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void smoothingSpreadsItsShareOverAllClasses() {
    double[] logits = {2, 0, -1};
    double normaliser = Math.log(Math.exp(2) + 1 + Math.exp(-1));
    double expected = 0.7 * (normaliser - 2) + 0.3 * (normaliser - 1.0 / 3);

    Tensor loss =
        new CrossEntropy(0.3)
            .of(Batch.of(matrix(logits, 1, 3), 0).withLogits(matrix(logits, 1, 3)));

    assertThat(loss.item_double()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void contrastiveLeavesOutAnchorsWithoutPositives() {
    double t = 0.5;
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      int positive = i ^ 1;
      double all = 0;
      for (int a = 0; a < DEGREES.length; a++) {
        all += a == i ? 0 : Math.exp(cosine(i, a) / t);
      }
      sum += Math.log(all) - cosine(i, positive) / t;
    }

    Tensor loss = new SupervisedContrastive(t).of(Batch.of(circle(), LABELS));

    assertThat(loss.item_double()).isCloseTo(sum / 4, within(1e-12));
  }

  @Test
  void tripletTakesTheFarthestPositiveAndTheNearestNegative() {
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      double nearest = Double.MAX_VALUE;
      for (int j = 0; j < DEGREES.length; j++) {
        nearest = LABELS[j] == LABELS[i] ? nearest : Math.min(nearest, distance(i, j));
      }
      sum += Math.max(0, distance(i, i ^ 1) - nearest + 1);
    }

    Tensor loss = new BatchHardTriplet(1).of(Batch.of(circle(), LABELS));

    assertThat(loss.item_double()).isCloseTo(sum / 4, within(1e-9));
  }

  @Test
  void arcFaceTurnsTheRightClassAway() {
    double[] image = {Math.cos(1), Math.sin(1)};
    double right = 10 * Math.cos(1 + 0.5);
    double wrong = 10 * Math.sin(1);
    double expected = Math.log(Math.exp(right) + Math.exp(wrong)) - right;

    Batch batch =
        Batch.of(matrix(image, 1, 2), 0).withClassWeights(matrix(new double[] {3, 0, 0, 2}, 2, 2));

    assertThat(new ArcFace(10, 0.5).of(batch).item_double()).isCloseTo(expected, within(1e-9));
  }

  @Test
  void everyLossHasTheGradientOfItsDifferences() {
    for (Loss loss :
        new Loss[] {
          new SupervisedContrastive(0.3),
          new StyleInfoNce(0.3),
          new BatchHardTriplet(0.7),
          new ArcFace(5, 0.4),
          new CrossEntropyWithContrastive(
              new CrossEntropy(0.1), 0.5, new SupervisedContrastive(0.3))
        }) {
      double[] point = Arrays.copyOf(points(), 8);
      Tensor features = matrix(point, 4, 2).requires_grad_(true);
      value(loss, features).backward();
      double[] gradient = Tensors.doubles(features.grad());
      for (int i = 0; i < point.length; i++) {
        double at = point[i];
        point[i] = at + 1e-6;
        double above = value(loss, matrix(point, 4, 2)).item_double();
        point[i] = at - 1e-6;
        double below = value(loss, matrix(point, 4, 2)).item_double();
        point[i] = at;
        assertThat(gradient[i]).as(loss.toString()).isCloseTo((above - below) / 2e-6, within(1e-7));
      }
    }
  }

  @Test
  void batchesWithoutPairsAreRefusedWithTheRemedy() {
    Batch alone = Batch.of(circle(), 0, 1, 2, 3, 4);
    assertThatThrownBy(() -> new SupervisedContrastive(0.1).of(alone))
        .hasMessageContaining("at least two of each");
    assertThatThrownBy(() -> new BatchHardTriplet(0.2).of(alone))
        .hasMessageContaining("several classes");
    assertThatThrownBy(() -> new StyleInfoNce(0.1).of(alone)).hasMessageContaining("even size");
    assertThatThrownBy(() -> new CrossEntropy(0).of(alone)).hasMessageContaining("classifier");
    assertThatThrownBy(() -> new ArcFace(30, 0.5).of(alone)).hasMessageContaining("per class");
  }

  private static Tensor value(Loss loss, Tensor features) {
    return loss.of(
        Batch.of(features, 0, 0, 1, 1)
            .withLogits(features)
            .withClassWeights(matrix(new double[] {3, 1, 0.5, 2}, 2, 2)));
  }

  private static double cosine(int i, int j) {
    return Math.cos(Math.toRadians(DEGREES[i] - DEGREES[j]));
  }

  private static double distance(int i, int j) {
    return Math.sqrt(2 - 2 * cosine(i, j));
  }

  private static Tensor circle() {
    return matrix(points(), DEGREES.length, 2);
  }

  /** Of different lengths, which losses do not see. */
  private static double[] points() {
    double[] points = new double[2 * DEGREES.length];
    for (int i = 0; i < DEGREES.length; i++) {
      points[2 * i] = (i + 1) * Math.cos(Math.toRadians(DEGREES[i]));
      points[2 * i + 1] = (i + 1) * Math.sin(Math.toRadians(DEGREES[i]));
    }
    return points;
  }

  private static Tensor matrix(double[] values, long rows, long columns) {
    return Tensors.of(values, new long[] {rows, columns}, FloatType.FLOAT64);
  }
}
