package dev.likeness.index.rerank;

import dev.likeness.index.search.Neighbor;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.List;
import java.util.Map;

/** A vector that moves towards its neighbors: {@code normalise(x + Σ max(score, 0)^alpha y)}. */
final class WeightedSum {

  private WeightedSum() {}

  /**
   * @param stored holds every neighbor
   */
  static float[] of(
      float[] start,
      List<Neighbor> neighbors,
      Map<VectorId, VectorChange.Put> stored,
      double alpha) {
    double[] sum = new double[start.length];
    add(1, start, sum);
    for (Neighbor neighbor : neighbors) {
      VectorChange.Put put = stored.get(neighbor.id());
      if (put == null) {
        throw new IllegalStateException("a pinned vector cannot vanish");
      }
      add(Math.pow(Math.max(neighbor.score(), 0), alpha), put.values(), sum);
    }
    double squares = 0;
    for (double value : sum) {
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[sum.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (sum[i] / length);
    }
    return unit;
  }

  private static void add(double weight, float[] vector, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }
}
