package dev.likeness.evaluation.report;

import dev.likeness.evaluation.metrics.BootstrapInterval;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.MetricValues;
import dev.likeness.evaluation.truth.Truth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The head of the page: score, figures, what was measured, where the time went. */
final class SummarySection {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
  private static final int HASH_CHARACTERS = 12;

  private final Html html;
  private final ReportContent content;
  private final Thumbnails thumbnails;
  private final MetricReport metrics;

  SummarySection(Html html, ReportContent content, Thumbnails thumbnails) {
    this.html = html;
    this.content = content;
    this.thumbnails = thumbnails;
    this.metrics = content.metrics();
  }

  void write() {
    html.markup("<header class=\"top\">\n<p class=\"brand\">Likeness</p>\n<h1>")
        .text(content.encoder())
        .markup("</h1>\n<p class=\"sub\">Run ")
        .text(content.runId())
        .markup(" · ")
        .text(TIME.format(content.createdAt()))
        .markup("</p>\n</header>\n<main>\n<div class=\"cards\">\n");
    score();
    figures();
    facts();
    html.markup("</div>\n");
    stages();
    warnings();
  }

  private void score() {
    Double score = metrics.allQueries().score();
    html.markup("<section class=\"card score\" aria-label=\"Score\">\n<h2>Score</h2>\n");
    if (score == null) {
      html.markup("<p class=\"big unknown\">unknown</p>\n<p class=\"small\">")
          .text(
              metrics.unknownBecause() == null
                  ? "the lists are too short for it"
                  : metrics.unknownBecause())
          .markup("</p>\n");
    } else {
      html.markup("<p class=\"big\">")
          .markup(Html.number(score, 1))
          .markup("<span class=\"of\"> / 1000</span></p>\n")
          .markup(meter(score / 1000, metrics.intervals().get("score"), 1000))
          .markup("<p class=\"small\">")
          .text(interval(metrics.intervals().get("score"), 1, 1))
          .markup("<br>600 · top-1 + 300 · top-5 + 100 · top-10</p>\n");
    }
    html.markup("</section>\n");
  }

  private void figures() {
    MetricValues values = metrics.allQueries();
    html.markup("<section class=\"card\" aria-label=\"Figures\">\n<h2>Figures</h2>\n<table>\n");
    html.markup("<thead><tr><th scope=\"col\">Measure</th><th scope=\"col\">Value</th>")
        .markup("<th scope=\"col\">95 % interval</th></tr></thead>\n<tbody>\n");
    figure("Top-1", values.top1(), "top_1");
    figure("Top-5", values.top5(), "top_5");
    figure("Top-10", values.top10(), "top_10");
    figure("Precision@" + metrics.k(), values.atK().precision(), "precision_at_k");
    figure("mAP@10", values.at10().averagePrecision(), "map_at_10");
    if (values.mrr() != null) {
      figure("MRR", values.mrr(), "mrr");
    } else {
      figure("MRR@10", values.mrrAt10(), "mrr_at_10");
    }
    html.markup("</tbody>\n</table>\n<p class=\"small\">")
        .text(
            metrics.isKnown()
                ? "%d labelled queries, k = %d, seed %d"
                    .formatted(values.queries(), metrics.k(), metrics.seed())
                : "k = " + metrics.k())
        .markup("</p>\n</section>\n");
  }

  private void figure(String name, @Nullable Double value, String key) {
    BootstrapInterval interval = metrics.intervals().get(key);
    html.markup("<tr><th scope=\"row\">")
        .text(name)
        .markup("</th><td>")
        .markup(Html.number(value, 3))
        .markup("</td><td>")
        .markup(
            interval == null
                ? "–"
                : Html.number(interval.low(), 3) + " – " + Html.number(interval.high(), 3))
        .markup("</td></tr>\n");
  }

  private void facts() {
    html.markup("<section class=\"card\" aria-label=\"Inputs\">\n<h2>Inputs</h2>\n<dl>\n");
    fact("Queries", String.valueOf(content.dataset().query().size()));
    fact("Gallery", String.valueOf(content.dataset().gallery().size()));
    fact("Truth", truth());
    fact("Data", content.dataset().root().toString());
    hash("Dataset hash", content.datasetHash());
    hash("Fingerprint", content.encoderFingerprint());
    html.markup("</dl>\n</section>\n");
  }

  private String truth() {
    return switch (content.truth()) {
      case Truth.Unknown _ -> "unknown";
      case Truth.Known known ->
          known.coverage().isComplete()
              ? known.source().text()
              : "%s, %d of %d queries and %d of %d gallery images"
                  .formatted(
                      known.source().text(),
                      known.coverage().labelledQueries(),
                      known.coverage().queries(),
                      known.coverage().labelledGallery(),
                      known.coverage().gallery());
    };
  }

  private void fact(String name, String value) {
    html.markup("<dt>").text(name).markup("</dt><dd>").text(value).markup("</dd>\n");
  }

  private void hash(String name, @Nullable String value) {
    if (value == null) {
      fact(name, "unknown");
      return;
    }
    html.markup("<dt>")
        .text(name)
        .markup("</dt><dd><code title=\"")
        .text(value)
        .markup("\">")
        .text(value.length() > HASH_CHARACTERS ? value.substring(0, HASH_CHARACTERS) + "…" : value)
        .markup("</code></dd>\n");
  }

  private void stages() {
    double total =
        content.secondsPerStage().values().stream().mapToDouble(Double::doubleValue).sum();
    if (total <= 0) {
      return;
    }
    html.markup("<section class=\"card\" aria-label=\"Time per stage\">\n<h2>Time · ")
        .markup(Html.number(total, 2))
        .markup(" s</h2>\n<div class=\"bar\" aria-hidden=\"true\">");
    int colour = 0;
    for (Map.Entry<String, Double> stage : content.secondsPerStage().entrySet()) {
      html.markup(
          "<span class=\"c%d\" style=\"flex-grow:%s\"></span>"
              .formatted(
                  colour++ % 6, String.format(Locale.ROOT, "%.6f", stage.getValue() / total)));
    }
    html.markup("</div>\n<ul class=\"legend\">\n");
    colour = 0;
    for (Map.Entry<String, Double> stage : content.secondsPerStage().entrySet()) {
      html.markup("<li><i class=\"c%d\"></i>".formatted(colour++ % 6))
          .text(stage.getKey())
          .markup(" <b>")
          .markup(Html.number(stage.getValue(), 2))
          .markup(" s</b> <span>")
          .markup(Html.number(100 * stage.getValue() / total, 1))
          .markup(" %</span></li>\n");
    }
    html.markup("</ul>\n</section>\n");
  }

  private void warnings() {
    List<String> warnings = new ArrayList<>(content.warnings());
    warnings.addAll(content.truth().warnings());
    if (metrics.isKnown() && metrics.unlabelledQueries() > 0) {
      warnings.add(
          "%d queries have no label and are left out of the figures"
              .formatted(metrics.unlabelledQueries()));
    }
    if (metrics.missingAnswers() > 0) {
      warnings.add(
          "%d labelled queries have no answer and count as wrong"
              .formatted(metrics.missingAnswers()));
    }
    if (thumbnails.unreadable() > 0) {
      warnings.add("%d images have no preview".formatted(thumbnails.unreadable()));
    }
    if (warnings.isEmpty()) {
      return;
    }
    html.markup("<section class=\"card warn\" aria-label=\"Warnings\">\n<h2>Warnings</h2>\n<ul>\n");
    warnings.forEach(warning -> html.markup("<li>").text(warning).markup("</li>\n"));
    html.markup("</ul>\n</section>\n");
  }

  private static String meter(double share, @Nullable BootstrapInterval interval, double full) {
    String range =
        interval == null
            ? ""
            : "<u style=\"left:%s%%;width:%s%%\"></u>"
                .formatted(
                    Html.number(100 * interval.low() / full, 2),
                    Html.number(100 * (interval.high() - interval.low()) / full, 2));
    return "<div class=\"meter\" aria-hidden=\"true\"><b style=\"width:%s%%\"></b>%s</div>\n"
        .formatted(Html.number(100 * share, 2), range);
  }

  private static String interval(
      @Nullable BootstrapInterval interval, double factor, int decimals) {
    return interval == null
        ? ""
        : "95 %% interval %s – %s"
            .formatted(
                Html.number(interval.low() * factor, decimals),
                Html.number(interval.high() * factor, decimals));
  }
}
