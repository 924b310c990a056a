package dev.likeness.evaluation.metrics;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures the ranking of one query. */
final class QueryRanking {
  private static final int TEN = 10;

  private QueryRanking() {}

  /**
   * @param ranking gallery names, best first; null when there is no list, which counts as wrong
   * @param relevant the right answers
   * @param depth how far rankings are known, {@link Integer#MAX_VALUE} when to the end
   */
  static QueryMetrics measure(
      String query, @Nullable List<String> ranking, Set<String> relevant, int k, int depth) {
    List<String> names = ranking == null ? List.of() : ranking;
    boolean whole = depth == Integer.MAX_VALUE || relevant.isEmpty();
    Integer firstRank = firstRelevantRank(names, relevant);
    double reciprocal = firstRank == null ? 0 : 1.0 / firstRank;
    return new QueryMetrics(
        query,
        ranking != null,
        relevant.size(),
        firstRank,
        whole ? (Double) averagePrecision(names, relevant) : null,
        whole || firstRank != null ? (Double) reciprocal : null,
        firstRank == null || firstRank > TEN ? 0 : reciprocal,
        atCutoff(names, relevant, k),
        atCutoff(names, relevant, TEN));
  }

  private static @Nullable Integer firstRelevantRank(List<String> names, Set<String> relevant) {
    for (int i = 0; i < names.size(); i++) {
      if (relevant.contains(names.get(i))) {
        return i + 1;
      }
    }
    return null;
  }

  private static double averagePrecision(List<String> names, Set<String> relevant) {
    return over(precisionSum(names, relevant, names.size()), relevant.size());
  }

  private static CutoffValues atCutoff(List<String> names, Set<String> relevant, int k) {
    int hits = (int) names.stream().limit(k).filter(relevant::contains).count();
    double sum = precisionSum(names, relevant, k);
    return new CutoffValues(
        k,
        hits > 0 ? 1.0 : 0.0,
        (double) hits / k,
        over(hits, relevant.size()),
        over(sum, Math.min(relevant.size(), k)),
        over(sum, relevant.size()),
        over(sum, hits));
  }

  /** Sum over positions i ≤ k that hold a right image of (right in first i)/i. */
  private static double precisionSum(List<String> names, Set<String> relevant, int k) {
    int hits = 0;
    double sum = 0;
    for (int i = 0; i < Math.min(k, names.size()); i++) {
      if (relevant.contains(names.get(i))) {
        hits++;
        sum += (double) hits / (i + 1);
      }
    }
    return sum;
  }

  private static double over(double sum, int count) {
    return count == 0 ? 0 : sum / count;
  }
}
