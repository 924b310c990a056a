package dev.likeness.evaluation.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Every figure of a run with what it was measured on.
 *
 * @param k the run's number of answers per query
 * @param seed seed of the confidence intervals
 * @param gallery number of gallery images, null when nothing is known of it
 * @param unlabelledQueries queries left out because their truth is unknown
 * @param missingAnswers labelled queries without a list; they count as wrong
 * @param allQueries means over all labelled queries; those nothing can answer count as 0
 * @param answerableQueries means over labelled queries that have a right image in the gallery
 * @param intervals name ({@code score}, {@code top_1}, {@code top_5}, {@code top_10}, {@code
 *     precision_at_k}, {@code map_at_10}, {@code mrr}, {@code mrr_at_10}) → 95 % interval over all
 *     labelled queries; unknown figures have none
 * @param perQuery one entry per labelled query
 * @param unknownBecause why nothing could be measured, null when it could
 */
public record MetricReport(
    int k,
    long seed,
    @Nullable Integer gallery,
    int unlabelledQueries,
    int missingAnswers,
    MetricValues allQueries,
    MetricValues answerableQueries,
    SequencedMap<String, BootstrapInterval> intervals,
    List<QueryMetrics> perQuery,
    @Nullable String unknownBecause) {
  public MetricReport {
    Objects.requireNonNull(allQueries, "allQueries");
    Objects.requireNonNull(answerableQueries, "answerableQueries");
    intervals = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(intervals));
    perQuery = List.copyOf(perQuery);
  }

  /** Whether anything could be measured. */
  public boolean isKnown() {
    return unknownBecause == null;
  }
}
