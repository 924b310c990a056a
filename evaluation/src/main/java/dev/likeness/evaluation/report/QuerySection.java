package dev.likeness.evaluation.report;

import dev.likeness.evaluation.metrics.QueryMetrics;
import dev.likeness.evaluation.truth.Truth;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of the page: each query with its answers. */
final class QuerySection {
  private final Html html;
  private final ReportContent content;
  private final Thumbnails thumbnails;
  private final Map<String, Path> queryPaths;
  private final Map<String, Path> galleryPaths;
  private final Map<String, QueryMetrics> measured;

  QuerySection(
      Html html,
      ReportContent content,
      Thumbnails thumbnails,
      Map<String, Path> queryPaths,
      Map<String, Path> galleryPaths) {
    this.html = html;
    this.content = content;
    this.thumbnails = thumbnails;
    this.queryPaths = queryPaths;
    this.galleryPaths = galleryPaths;
    this.measured = QueryOrder.byQuery(content);
  }

  void write(List<String> queries) {
    boolean known = !measured.isEmpty();
    html.markup("<section aria-label=\"Queries\">\n<div class=\"tools\">\n<h2>Queries</h2>\n");
    if (known) {
      filter(queries);
    }
    html.markup("<p class=\"small\" aria-live=\"polite\" id=\"count\">")
        .text(note(known))
        .markup("</p>\n</div>\n")
        .markup("<noscript><p class=\"small\">Pictures need JavaScript; names and figures do not.")
        .markup("</p></noscript>\n");
    queries.forEach(this::query);
    html.markup("</section>\n</main>\n");
  }

  private void filter(List<String> queries) {
    int[] counts = new int[4];
    queries.forEach(query -> counts[outcome(query).ordinal()]++);
    html.markup("<div class=\"filter\" role=\"group\" aria-label=\"Filter\">");
    button("all", "All", queries.size(), true);
    int wrong = counts[Outcome.WRONG.ordinal()] + counts[Outcome.MISSED.ordinal()];
    button("wrong", "Wrong at 1", wrong, false);
    button("missed", "Missed", counts[Outcome.MISSED.ordinal()], false);
    button("right", "Right at 1", counts[Outcome.RIGHT.ordinal()], false);
    html.markup("</div>\n");
  }

  private void button(String filter, String label, int count, boolean pressed) {
    html.markup(
            "<button type=\"button\" data-filter=\"%s\" aria-pressed=\"%s\">"
                .formatted(filter, pressed))
        .text(label)
        .markup(" <span>" + count + "</span></button>");
  }

  private String note(boolean known) {
    int shown = thumbnails.dataUris().size();
    String order =
        known ? "Worst first" : "No labels, so nothing is right or wrong; least similar first";
    return shown == thumbnails.wanted()
        ? order + "; all %d images have a preview.".formatted(shown)
        : order + "; %d of %d images have a preview.".formatted(shown, thumbnails.wanted());
  }

  private void query(String query) {
    Outcome outcome = outcome(query);
    List<RankedImage> answers = content.answers().getOrDefault(query, List.of());
    html.markup("<article data-outcome=\"%s\">\n".formatted(outcome.word))
        .markup("<figure class=\"query\">");
    picture(queryPaths.get(query), "Query " + query);
    html.markup("<figcaption><b>")
        .text(query)
        .markup("</b><span>")
        .text(verdict(query, answers.size()))
        .markup("</span></figcaption></figure>\n<ol>\n");
    Optional<Set<String>> relevant =
        content.truth() instanceof Truth.Known known ? known.relevantTo(query) : Optional.empty();
    for (int i = 0; i < answers.size(); i++) {
      answer(i + 1, answers.get(i), relevant);
    }
    html.markup("</ol>\n</article>\n");
  }

  private void answer(int rank, RankedImage answer, Optional<Set<String>> relevant) {
    String mark = relevant.map(names -> names.contains(answer.name()) ? "hit" : "miss").orElse("");
    String words = mark.isEmpty() ? "" : mark.equals("hit") ? ", right" : ", wrong";
    html.markup("<li class=\"%s\"><figure>".formatted(mark));
    picture(galleryPaths.get(answer.name()), "Rank " + rank + ": " + answer.name() + words);
    html.markup("<figcaption title=\"")
        .text(answer.name())
        .markup("\"><i>" + rank + "</i><span>")
        .text(answer.name())
        .markup("</span><em>")
        .markup(answer.similarity() == null ? "–" : Html.number(answer.similarity(), 3))
        .markup("</em></figcaption></figure></li>\n");
  }

  private void picture(@Nullable Path path, String alt) {
    Integer index = thumbnails.indexOf(path);
    if (index == null) {
      html.markup("<div class=\"none\" role=\"img\" aria-label=\"")
          .text(alt + ", no preview")
          .markup("\">no preview</div>");
    } else {
      html.markup("<img data-t=\"" + index + "\" alt=\"").text(alt).markup("\">");
    }
  }

  private String verdict(String query, int answers) {
    QueryMetrics figures = measured.get(query);
    return switch (outcome(query)) {
      case UNKNOWN -> figures == null ? "no label" : "the gallery has no right image";
      case MISSED ->
          "none of %d right images in the first %d".formatted(relevant(figures), answers);
      case WRONG, RIGHT ->
          "first right at %d · %d right in the gallery"
              .formatted(
                  figures == null || figures.firstRelevantRank() == null
                      ? 0
                      : figures.firstRelevantRank(),
                  relevant(figures));
    };
  }

  private static int relevant(@Nullable QueryMetrics figures) {
    return figures == null ? 0 : figures.relevant();
  }

  private Outcome outcome(String query) {
    QueryMetrics figures = measured.get(query);
    if (figures == null || !figures.isAnswerable()) {
      return Outcome.UNKNOWN;
    }
    if (figures.firstRelevantRank() == null) {
      return Outcome.MISSED;
    }
    return figures.firstRelevantRank() == 1 ? Outcome.RIGHT : Outcome.WRONG;
  }

  /** What became of a query; the words are what the page's script filters by. */
  private enum Outcome {
    RIGHT("right"),
    WRONG("wrong"),
    MISSED("missed"),
    UNKNOWN("unknown");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }
  }
}
