package dev.likeness.gateway.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a text with comma-separated values (RFC 4180): a value with commas, quotes or line
 * ends stands in double quotes, a quote inside it twice. Spaces around values and empty lines are
 * passed over.
 */
final class CsvRows {

  /**
   * A row.
   *
   * @param line number of its first line, from 1
   * @param cells its values
   */
  record Row(int line, List<String> cells) {}

  /** A text that breaks the rules. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;

    Malformed(int line, String problem) {
      super(problem);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  private final String text;
  private int at;
  private int line = 1;

  CsvRows(String text) {
    this.text = text;
    this.at = text.startsWith("\uFEFF") ? 1 : 0;
  }

  /** The next row; empty at the end. */
  Optional<Row> next() throws Malformed {
    while (at < text.length()) {
      int first = line;
      List<String> cells = row();
      if (cells.size() > 1 || !cells.getFirst().isEmpty()) {
        return Optional.of(new Row(first, cells));
      }
    }
    return Optional.empty();
  }

  private List<String> row() throws Malformed {
    List<String> cells = new ArrayList<>();
    while (true) {
      skipBlanks();
      cells.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
      if (at >= text.length() || text.charAt(at) != ',') {
        endLine();
        return cells;
      }
      at++;
    }
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private String plain() {
    int start = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at).strip();
  }

  private String quoted() throws Malformed {
    int opened = line;
    StringBuilder cell = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != '"') {
        cell.append(c);
        line += c == '\n' ? 1 : 0;
      } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
        cell.append('"');
        at++;
      } else {
        at++;
        requireEndOfCell();
        return cell.toString();
      }
    }
    throw new Malformed(opened, "a double quote is opened and never closed; close it");
  }

  private void requireEndOfCell() throws Malformed {
    skipBlanks();
    if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      throw new Malformed(
          line,
          "after the closing quote of a value comes '%s'; write quotes inside a value twice"
              .formatted(text.charAt(at)));
    }
  }

  private void endLine() {
    if (at < text.length() && text.charAt(at) == '\r') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
    line++;
  }
}
