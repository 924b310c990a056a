package dev.likeness.evaluation.file;

import java.io.IOException;

/** Text that is no JSON; the message gives line and column, both from 1. */
public final class MalformedJsonException extends IOException {
  private final int line;
  private final int column;

  public MalformedJsonException(String message, int line, int column) {
    super("line %d, column %d: %s".formatted(line, column, message));
    this.line = line;
    this.column = column;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}
