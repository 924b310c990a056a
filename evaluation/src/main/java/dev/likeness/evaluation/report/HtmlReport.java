package dev.likeness.evaluation.report;

import java.io.IOException;
import java.nio.file.Path;

public final class HtmlReport {
  private HtmlReport() {}

  public static void write(Path file, ReportContent content) throws IOException {
    write(file, content, ReportOptions.DEFAULT);
  }

  public static void write(Path file, ReportContent content, ReportOptions options)
      throws IOException {
    throw new UnsupportedOperationException("the page is drawn by the next commit");
  }
}
