package dev.likeness.evaluation.report;

import dev.likeness.evaluation.file.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * One page that shows what a run retrieved. It needs no network: style, script and pictures are
 * inside. Names of files are hostile until escaped, and a content policy forbids all else.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes a report with the default options; the file is whole or absent.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, ReportContent content) throws IOException {
    write(file, content, ReportOptions.DEFAULT);
  }

  /**
   * Writes a report; the file is whole or absent. Images that cannot be read have a placeholder.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, ReportContent content, ReportOptions options)
      throws IOException {
    AtomicFile.write(file, page(content, options).getBytes(StandardCharsets.UTF_8));
  }

  private static String page(ReportContent content, ReportOptions options) {
    List<String> queries = QueryOrder.worstFirst(content);
    Map<String, Path> queryPaths = Thumbnails.byName(content.dataset().query());
    Map<String, Path> galleryPaths = Thumbnails.byName(content.dataset().gallery());
    Thumbnails thumbnails =
        new Thumbnails(shown(content, queries, queryPaths, galleryPaths), options);
    Html html = new Html();
    head(html, content.encoder() + " · " + content.runId() + " · Likeness");
    new SummarySection(html, content, thumbnails).write();
    new QuerySection(html, content, thumbnails, queryPaths, galleryPaths).write(queries);
    html.markup("<script type=\"application/json\" id=\"thumbnails\">[");
    String separator = "\"";
    for (String dataUri : thumbnails.dataUris()) {
      html.markup(separator).markup(dataUri).markup("\"");
      separator = ",\n\"";
    }
    html.markup("]</script>\n<script>\n")
        .markup(resource("report.js"))
        .markup("</script>\n</body>\n</html>\n");
    return html.toString();
  }

  /** Everything up to the body, with the style of all reports. */
  static void head(Html html, String title) {
    html.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
        .markup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .markup("img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n")
        .markup("<title>")
        .text(title)
        .markup("</title>\n<style>\n")
        .markup(resource("report.css"))
        .markup("</style>\n</head>\n<body>\n");
  }

  private static SequencedSet<Path> shown(
      ReportContent content,
      List<String> queries,
      Map<String, Path> queryPaths,
      Map<String, Path> galleryPaths) {
    SequencedSet<Path> shown = new LinkedHashSet<>();
    for (String query : queries) {
      addIfKnown(shown, queryPaths, query);
      for (RankedImage answer : content.answers().getOrDefault(query, List.of())) {
        addIfKnown(shown, galleryPaths, answer.name());
      }
    }
    return shown;
  }

  private static void addIfKnown(SequencedSet<Path> shown, Map<String, Path> paths, String name) {
    Path path = paths.get(name);
    if (path != null) {
      shown.add(path);
    }
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
