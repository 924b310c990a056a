package dev.likeness.evaluation.metrics;

import dev.likeness.evaluation.truth.Truth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Measures rankings against the truth. Sums are compensated, so means hold to 1e-12.
 *
 * <p>Only the head of each ranking may be known. A figure that looks further than the longest list
 * is unknown, unless that list holds the whole gallery. A list shorter than the others counts its
 * missing places as wrong.
 */
public final class RetrievalMetrics {
  private static final int TEN = 10;

  private RetrievalMetrics() {}

  /**
   * @param rankings query name → gallery names, best first, without repetitions; the whole ranking
   *     or its head
   * @param truth the right answers
   * @param k number of answers per query, at least 1
   * @param seed seed of the confidence intervals
   */
  public static MetricReport measure(
      Map<String, ? extends List<String>> rankings, Truth truth, int k, long seed) {
    if (k < 1) {
      throw new IllegalArgumentException("k is at least 1, got " + k);
    }
    return switch (truth) {
      case Truth.Known known -> measureKnown(rankings, known, k, seed);
      case Truth.Unknown(String why, _) ->
          new MetricReport(
              k,
              seed,
              null,
              rankings.size(),
              0,
              MetricValues.unknown(k),
              MetricValues.unknown(k),
              new LinkedHashMap<>(),
              List.of(),
              why);
    };
  }

  private static MetricReport measureKnown(
      Map<String, ? extends List<String>> rankings, Truth.Known truth, int k, long seed) {
    int longest = rankings.values().stream().mapToInt(List::size).max().orElse(0);
    int gallery = Math.max(truth.coverage().gallery(), longest);
    // What lies beyond the last image of the gallery is known: nothing.
    int depth = longest == gallery ? Integer.MAX_VALUE : longest;
    List<QueryMetrics> perQuery = new ArrayList<>();
    truth
        .relevant()
        .forEach(
            (query, relevant) ->
                perQuery.add(QueryRanking.measure(query, rankings.get(query), relevant, k, depth)));
    List<QueryMetrics> answerable = perQuery.stream().filter(QueryMetrics::isAnswerable).toList();
    return new MetricReport(
        k,
        seed,
        gallery,
        (int)
            rankings.keySet().stream().filter(name -> !truth.relevant().containsKey(name)).count(),
        (int) perQuery.stream().filter(query -> !query.answered()).count(),
        means(perQuery, k, depth),
        means(answerable, k, depth),
        intervals(perQuery, depth, seed),
        perQuery,
        null);
  }

  private static MetricValues means(List<QueryMetrics> queries, int k, int depth) {
    if (queries.isEmpty()) {
      return MetricValues.unknown(k);
    }
    Double top1 = depth < 1 ? null : share(queries, 1);
    Double top5 = depth < 5 ? null : share(queries, 5);
    Double top10 = depth < TEN ? null : share(queries, TEN);
    return new MetricValues(
        queries.size(),
        top1 == null || top5 == null || top10 == null ? null : WeightedScore.of(top1, top5, top10),
        top1,
        top5,
        top10,
        mean(queries, QueryMetrics::averagePrecision),
        mean(queries, QueryMetrics::reciprocalRank),
        depth < TEN ? null : mean(queries, QueryMetrics::reciprocalRankAt10),
        meansAtCutoff(queries, QueryMetrics::atK, k, depth),
        meansAtCutoff(queries, QueryMetrics::at10, TEN, depth));
  }

  private static CutoffValues meansAtCutoff(
      List<QueryMetrics> queries, Function<QueryMetrics, CutoffValues> cutoff, int k, int depth) {
    if (depth < k) {
      return CutoffValues.unknown(k);
    }
    return new CutoffValues(
        k,
        mean(queries, query -> cutoff.apply(query).accuracy()),
        mean(queries, query -> cutoff.apply(query).precision()),
        mean(queries, query -> cutoff.apply(query).recall()),
        mean(queries, query -> cutoff.apply(query).averagePrecision()),
        mean(queries, query -> cutoff.apply(query).averagePrecisionOverRelevant()),
        mean(queries, query -> cutoff.apply(query).averagePrecisionOverHits()));
  }

  private static double share(List<QueryMetrics> queries, int positions) {
    return (double) queries.stream().filter(query -> query.hitWithin(positions)).count()
        / queries.size();
  }

  private static @Nullable Double mean(List<QueryMetrics> queries, Figure value) {
    double[] values = values(queries, value);
    // DoubleStream.sum is compensated, unlike a plain loop.
    return values == null ? null : Arrays.stream(values).sum() / values.length;
  }

  /** One value per query; null when one of them is unknown. */
  private static double @Nullable [] values(List<QueryMetrics> queries, Figure value) {
    List<Double> known = queries.stream().map(value::of).filter(Objects::nonNull).toList();
    return known.size() < queries.size()
        ? null
        : known.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static SequencedMap<String, BootstrapInterval> intervals(
      List<QueryMetrics> queries, int depth, long seed) {
    LinkedHashMap<String, Figure> figures = new LinkedHashMap<>();
    if (depth >= TEN) {
      figures.put(
          "score", query -> WeightedScore.of(hit(query, 1), hit(query, 5), hit(query, TEN)));
    }
    if (depth >= 1) {
      figures.put("top_1", query -> hit(query, 1));
    }
    if (depth >= 5) {
      figures.put("top_5", query -> hit(query, 5));
    }
    if (depth >= TEN) {
      figures.put("mrr_at_10", QueryMetrics::reciprocalRankAt10);
      figures.put("top_10", query -> hit(query, TEN));
      figures.put("map_at_10", query -> query.at10().averagePrecision());
    }
    figures.put(
        "precision_at_k", query -> depth < query.atK().k() ? null : query.atK().precision());
    figures.put("mrr", QueryMetrics::reciprocalRank);
    LinkedHashMap<String, BootstrapInterval> intervals = new LinkedHashMap<>();
    figures.forEach(
        (name, figure) -> {
          double[] values = values(queries, figure);
          if (values != null && values.length > 0) {
            intervals.put(name, BootstrapInterval.ofMean(values, seed));
          }
        });
    return intervals;
  }

  private static double hit(QueryMetrics query, int positions) {
    return query.hitWithin(positions) ? 1 : 0;
  }

  /** One figure of one query; null when unknown. */
  @FunctionalInterface
  private interface Figure {
    @Nullable Double of(QueryMetrics query);
  }
}
