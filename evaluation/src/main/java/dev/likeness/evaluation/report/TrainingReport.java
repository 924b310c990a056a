package dev.likeness.evaluation.report;

import dev.likeness.evaluation.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One page that shows how a training went: loss and score over the epochs, what was asked and what
 * came of it. It needs no network.
 */
public final class TrainingReport {

  private TrainingReport() {}

  /**
   * An epoch.
   *
   * @param epoch from 1
   * @param stage what was trained
   * @param loss mean; null where it is no number
   * @param score on held-out images, 0 to 1000; null where it was not measured
   * @param best whether it was the best so far
   */
  public record Epoch(
      int epoch, String stage, @Nullable Double loss, @Nullable Double score, boolean best) {}

  /**
   * What is shown.
   *
   * @param title name of the encoder and its version
   * @param subtitle job and time
   * @param verdict whether it serves, and why; empty if that is not known
   * @param startScore score before the first epoch; null if unknown
   * @param epochs in order
   * @param facts name → value, in order
   * @param notes sentences
   */
  public record Content(
      String title,
      String subtitle,
      String verdict,
      @Nullable Double startScore,
      List<Epoch> epochs,
      SequencedMap<String, String> facts,
      List<String> notes) {
    public Content {
      epochs = List.copyOf(epochs);
      facts = java.util.Collections.unmodifiableSequencedMap(new java.util.LinkedHashMap<>(facts));
      notes = List.copyOf(notes);
    }
  }

  /**
   * Writes the page; the file is whole or absent.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Content content) throws IOException {
    AtomicFile.write(file, page(content).getBytes(StandardCharsets.UTF_8));
  }

  static String page(Content content) {
    Html html = new Html();
    HtmlReport.head(html, content.title() + " · training · Likeness");
    html.markup("<header class=\"top\">\n<p class=\"brand\">Likeness</p>\n<h1>")
        .text(content.title())
        .markup("</h1>\n<p class=\"sub\">")
        .text(content.subtitle())
        .markup("</p>\n</header>\n<main>\n");
    if (!content.verdict().isEmpty()) {
      html.markup("<section class=\"card\" aria-label=\"Verdict\">\n<h2>Verdict</h2>\n<p>")
          .text(content.verdict())
          .markup("</p>\n</section>\n");
    }
    curve(html, "Loss", Curve.ofLoss(content));
    curve(html, "Score on held-out images", Curve.ofScore(content));
    epochs(html, content.epochs());
    facts(html, content.facts());
    notes(html, content.notes());
    html.markup("</main>\n</body>\n</html>\n");
    return html.toString();
  }

  private static void curve(Html html, String name, Curve curve) {
    html.markup("<section class=\"card\" aria-label=\"").text(name).markup("\">\n<h2>");
    html.text(name).markup("</h2>\n").markup(curve.svg(name)).markup("</section>\n");
  }

  private static void epochs(Html html, List<Epoch> epochs) {
    html.markup("<section class=\"card\" aria-label=\"Epochs\">\n<h2>Epochs</h2>\n<table>\n")
        .markup("<thead><tr><th scope=\"col\">Epoch</th><th scope=\"col\">Loss</th>")
        .markup("<th scope=\"col\">Score</th></tr></thead>\n<tbody>\n");
    for (Epoch epoch : epochs) {
      html.markup("<tr><th scope=\"row\">%d · ".formatted(epoch.epoch()))
          .text(epoch.stage())
          .markup(epoch.best() ? " · best so far" : "")
          .markup("</th><td>")
          .markup(Html.number(epoch.loss(), 4))
          .markup("</td><td>")
          .markup(Html.number(epoch.score(), 1))
          .markup("</td></tr>\n");
    }
    html.markup("</tbody>\n</table>\n</section>\n");
  }

  private static void facts(Html html, Map<String, String> facts) {
    html.markup("<section class=\"card\" aria-label=\"Settings\">\n<h2>Settings</h2>\n<dl>\n");
    facts.forEach(
        (name, value) ->
            html.markup("<dt>").text(name).markup("</dt><dd>").text(value).markup("</dd>\n"));
    html.markup("</dl>\n</section>\n");
  }

  private static void notes(Html html, List<String> notes) {
    if (notes.isEmpty()) {
      return;
    }
    html.markup("<section class=\"card warn\" aria-label=\"Notes\">\n<h2>Notes</h2>\n<ul>\n");
    notes.forEach(note -> html.markup("<li>").text(note).markup("</li>\n"));
    html.markup("</ul>\n</section>\n");
  }

  /** Values over epochs as a line; epoch 0 is before the first. */
  private record Curve(List<double[]> points, int lastEpoch, double low, double high) {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 220;
    private static final int LEFT = 60;
    private static final int BOTTOM = 28;
    private static final int TOP = 10;

    static Curve ofLoss(Content content) {
      return of(
          content,
          content.epochs().stream()
              .filter(epoch -> epoch.loss() != null)
              .map(epoch -> new double[] {epoch.epoch(), epoch.loss()})
              .toList());
    }

    static Curve ofScore(Content content) {
      List<double[]> points = new java.util.ArrayList<>();
      if (content.startScore() != null) {
        points.add(new double[] {0, content.startScore()});
      }
      content.epochs().stream()
          .filter(epoch -> epoch.score() != null)
          .forEach(epoch -> points.add(new double[] {epoch.epoch(), epoch.score()}));
      return of(content, points);
    }

    private static Curve of(Content content, List<double[]> points) {
      int last = content.epochs().isEmpty() ? 1 : content.epochs().getLast().epoch();
      double low = points.stream().mapToDouble(point -> point[1]).min().orElse(0);
      double high = points.stream().mapToDouble(point -> point[1]).max().orElse(1);
      return new Curve(points, last, low, high > low ? high : low + 1);
    }

    String svg(String name) {
      StringBuilder svg = new StringBuilder();
      svg.append(
          "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s over epochs\" width=\"100%%\">\n"
              .formatted(WIDTH, HEIGHT, Html.escaped(name)));
      axis(svg, high);
      axis(svg, (low + high) / 2);
      axis(svg, low);
      svg.append(label(LEFT, HEIGHT - 8, "start", "0"))
          .append(label(WIDTH - 10, HEIGHT - 8, "end", "epoch " + lastEpoch));
      StringBuilder line = new StringBuilder();
      for (double[] point : points) {
        line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0]), y(point[1])));
      }
      svg.append("<polyline fill=\"none\" stroke=\"var(--accent)\" stroke-width=\"2\" points=\"")
          .append(line.toString().strip())
          .append("\"/>\n");
      for (double[] point : points) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"var(--accent)\"><title>epoch %.0f: %.4f</title></circle>%n",
                x(point[0]),
                y(point[1]),
                point[0],
                point[1]));
      }
      return svg.append("</svg>\n").toString();
    }

    private void axis(StringBuilder svg, double value) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--line)\"/>%n",
              LEFT,
              WIDTH - 10,
              y(value),
              y(value)));
      svg.append(label(LEFT - 8, y(value) + 4, "end", String.format(Locale.ROOT, "%.3g", value)));
    }

    private static String label(double x, double y, String anchor, String text) {
      return String.format(
          Locale.ROOT,
          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"12\" fill=\"var(--soft)\">%s</text>%n",
          x,
          y,
          anchor,
          Html.escaped(text));
    }

    private double x(double epoch) {
      return LEFT + (WIDTH - 10 - LEFT) * epoch / Math.max(1, lastEpoch);
    }

    private double y(double value) {
      return TOP + (HEIGHT - BOTTOM - TOP) * (high - value) / (high - low);
    }
  }
}
