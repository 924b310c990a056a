package dev.likeness.gateway.filter;

import dev.likeness.gateway.run.InvalidRequestException;

/** Says what is wrong with an expression, and points at the place. */
final class FilterProblem {

  private static final int BEFORE = 56;
  private static final int AFTER = 16;
  private static final String CUT = "…";

  private FilterProblem() {}

  /**
   * @param at position in the expression, from 0
   */
  static InvalidRequestException at(String expression, int at, String problem) {
    int from = aligned(expression, Math.max(0, at - BEFORE));
    int to = aligned(expression, Math.min(expression.length(), at + AFTER));
    String head = (from > 0 ? CUT : "") + expression.substring(from, at);
    String tail =
        expression.substring(at, Math.max(at, to)) + (to < expression.length() ? CUT : "");
    return new InvalidRequestException(
        "filter",
        "the filter cannot be read at character %d: %s\n  %s\n  %s^"
            .formatted(
                expression.codePointCount(0, at) + 1,
                problem,
                printable(head + tail),
                " ".repeat(head.codePointCount(0, head.length()))));
  }

  private static int aligned(String text, int at) {
    return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }

  private static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c ->
                shown.appendCodePoint(
                    Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                        ? ' '
                        : c));
    return shown.toString();
  }
}
