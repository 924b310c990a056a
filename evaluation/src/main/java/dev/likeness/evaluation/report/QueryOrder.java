package dev.likeness.evaluation.report;

import dev.likeness.evaluation.metrics.QueryMetrics;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Worst queries first: those that miss all right images, then by the rank of the first right one,
 * then by average precision; then those nothing can answer, then those without a label. Where
 * nothing is labelled, the least similar best answer comes first.
 */
final class QueryOrder {
  private QueryOrder() {}

  static List<String> worstFirst(ReportContent content) {
    Map<String, QueryMetrics> measured = byQuery(content);
    Comparator<String> order =
        Comparator.comparingInt((String query) -> group(measured.get(query)))
            .thenComparing(query -> -firstRank(measured.get(query)), Comparator.naturalOrder())
            .thenComparingDouble(query -> averagePrecision(measured.get(query)))
            .thenComparingDouble(query -> bestSimilarity(content, query))
            .thenComparing(Comparator.naturalOrder());
    return content.answers().keySet().stream().sorted(order).toList();
  }

  static Map<String, QueryMetrics> byQuery(ReportContent content) {
    Map<String, QueryMetrics> measured = new HashMap<>();
    content.metrics().perQuery().forEach(query -> measured.put(query.query(), query));
    return measured;
  }

  private static int group(@Nullable QueryMetrics query) {
    return query == null ? 2 : query.isAnswerable() ? 0 : 1;
  }

  private static int firstRank(@Nullable QueryMetrics query) {
    return query == null || query.firstRelevantRank() == null
        ? Integer.MAX_VALUE
        : query.firstRelevantRank();
  }

  private static double averagePrecision(@Nullable QueryMetrics query) {
    Double value = query == null ? null : query.atK().averagePrecision();
    return value == null ? 0 : value;
  }

  private static double bestSimilarity(ReportContent content, String query) {
    List<RankedImage> answers = content.answers().getOrDefault(query, List.of());
    Double similarity = answers.isEmpty() ? null : answers.getFirst().similarity();
    return similarity == null ? Double.NEGATIVE_INFINITY : similarity;
  }
}
