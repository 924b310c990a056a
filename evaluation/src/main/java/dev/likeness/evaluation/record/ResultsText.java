package dev.likeness.evaluation.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays a results table out in columns. */
final class ResultsText {
  private static final String UNKNOWN = "-";

  private ResultsText() {}

  static String of(ResultsTable table) {
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("#", "model", "runs", "k"));
    head.addAll(ResultsTable.COLUMNS);
    lines.add(head);
    table.rows().forEach(row -> lines.add(cells(row)));
    StringBuilder text = new StringBuilder();
    int[] widths = widths(lines);
    for (List<String> line : lines) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        String padding = " ".repeat(widths[i] - line.get(i).length());
        // The name is aligned left, figures right.
        out.append(i == 0 ? "" : "  ")
            .append(i == 1 ? line.get(i) + padding : padding + line.get(i));
      }
      text.append(out.toString().stripTrailing()).append('\n');
    }
    text.append("(n) = mean of n runs, where some runs do not have the value\n");
    table.skipped().forEach(reason -> text.append("skipped ").append(reason).append('\n'));
    return text.toString();
  }

  private static List<String> cells(ResultsRow row) {
    List<String> cells = new ArrayList<>();
    cells.add(String.valueOf(row.rank()));
    cells.add(row.modelName().replaceAll("\\p{Cntrl}", "?"));
    cells.add(String.valueOf(row.runs()));
    cells.add(
        row.topK().isEmpty()
            ? UNKNOWN
            : String.join(",", row.topK().stream().map(String::valueOf).toList()));
    row.means().forEach((column, mean) -> cells.add(cell(column, mean)));
    return cells;
  }

  private static String cell(String column, Mean mean) {
    if (mean.value() == null) {
      return UNKNOWN;
    }
    String format = column.equals("score") || column.equals("runtime_seconds") ? "%.1f" : "%.3f";
    String value = String.format(Locale.ROOT, format, mean.value());
    return mean.count() == mean.runs() ? value : value + " (" + mean.count() + ")";
  }

  private static int[] widths(List<List<String>> lines) {
    int[] widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return widths;
  }
}
