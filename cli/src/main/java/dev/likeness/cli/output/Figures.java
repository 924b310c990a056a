package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.metrics.BootstrapInterval;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.MetricValues;
import dev.likeness.gateway.v1.Scores;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run or a submission. Null is unknown: it is shown as "unknown" and written as
 * null, never as 0.
 *
 * @param score 600 · top-1 + 300 · top-5 + 100 · top-10
 * @param scoreLow lower end of its 95 % interval
 * @param scoreHigh upper end of its 95 % interval
 * @param top1 share of queries with a right image first
 * @param top5 share of queries with a right image among the first 5
 * @param top10 share of queries with a right image among the first 10
 * @param precisionAt10 mean share of right images among the first 10
 * @param mapAt10 mean average precision at 10
 */
public record Figures(
    @Nullable Double score,
    @Nullable Double scoreLow,
    @Nullable Double scoreHigh,
    @Nullable Double top1,
    @Nullable Double top5,
    @Nullable Double top10,
    @Nullable Double precisionAt10,
    @Nullable Double mapAt10) {

  /** Nothing is known. */
  public static final Figures UNKNOWN = new Figures(null, null, null, null, null, null, null, null);

  /** The figures of a run. */
  public static Figures of(Scores scores) {
    return new Figures(
        scores.hasScore() ? scores.getScore() : null,
        scores.hasScoreInterval() ? scores.getScoreInterval().getLow() : null,
        scores.hasScoreInterval() ? scores.getScoreInterval().getHigh() : null,
        scores.getTop1(),
        scores.hasTop5() ? scores.getTop5() : null,
        scores.hasTop10() ? scores.getTop10() : null,
        scores.hasPrecisionAt10() ? scores.getPrecisionAt10() : null,
        scores.hasMapAt10() ? scores.getMapAt10() : null);
  }

  /** The figures of a submission over all labelled queries. */
  public static Figures of(MetricReport report) {
    MetricValues values = report.allQueries();
    BootstrapInterval interval = report.intervals().get("score");
    return new Figures(
        values.score(),
        interval == null ? null : interval.low(),
        interval == null ? null : interval.high(),
        values.top1(),
        values.top5(),
        values.top10(),
        values.at10().precision(),
        values.at10().averagePrecision());
  }

  /** Adds the figures to a result, in the order of the contract. */
  public void addTo(ObjectNode result) {
    result.put("top_1", top1);
    result.put("top_5", top5);
    result.put("top_10", top10);
    result.put("precision_at_10", precisionAt10);
    result.put("map_at_10", mapAt10);
    result.put("score", score);
  }

  /** The heading above {@link #row}. */
  public static String heading(int nameWidth) {
    return line(nameWidth, "", "score", "top-1", "top-5", "top-10", "P@10", "mAP@10");
  }

  /** One line of a table. */
  public String row(int nameWidth, String name) {
    return line(
        nameWidth,
        name,
        score == null ? "unknown" : format("%.0f", score),
        share(top1),
        share(top5),
        share(top10),
        share(precisionAt10),
        share(mapAt10));
  }

  /** The score with its interval, in words. */
  public String scoreSentence() {
    if (score == null) {
      return "Score: unknown";
    }
    return scoreLow == null || scoreHigh == null
        ? format("Score: %.0f of 1000", score)
        : format("Score: %.0f of 1000 (95 %% interval %.0f to %.0f)", score, scoreLow, scoreHigh);
  }

  private static String share(@Nullable Double value) {
    return value == null ? "unknown" : format("%.3f", value);
  }

  private static String line(int nameWidth, String name, String... columns) {
    StringBuilder line = new StringBuilder(format("%-" + nameWidth + "s", name));
    for (String column : columns) {
      line.append(format("  %7s", column));
    }
    return line.toString();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
