package dev.likeness.gateway.competition;

import dev.likeness.evaluation.metrics.BootstrapInterval;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.MetricValues;
import dev.likeness.gateway.run.RunScores;
import java.util.Optional;

/** Picks the scores of a run out of all that was measured. */
final class MeasuredScores {

  private MeasuredScores() {}

  /** The scores over all labelled queries; empty if nothing could be measured. */
  static Optional<RunScores> of(MetricReport report) {
    MetricValues values = report.allQueries();
    if (!report.isKnown() || values.queries() == 0 || values.top1() == null) {
      return Optional.empty();
    }
    BootstrapInterval interval = report.intervals().get("score");
    return Optional.of(
        new RunScores(
            values.top1(),
            values.top5(),
            values.top10(),
            values.at10().precision(),
            values.at10().averagePrecision(),
            values.score(),
            reciprocalRankWithinLists(report),
            values.queries(),
            interval == null ? null : interval.low(),
            interval == null ? null : interval.high()));
  }

  private static double reciprocalRankWithinLists(MetricReport report) {
    return report.perQuery().stream()
        .mapToDouble(
            query -> query.firstRelevantRank() == null ? 0 : 1.0 / query.firstRelevantRank())
        .average()
        .orElse(0);
  }
}
