package dev.likeness.gateway.filter;

import dev.likeness.gateway.filter.FilterToken.Kind;
import dev.likeness.gateway.run.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into tokens. */
final class FilterTokens {

  private static final List<String> SIGNS =
      List.of("<=", ">=", "!=", "<>", "==", "&&", "||", "=", "<", ">", "(", ")", "[", "]", ",");

  private final String text;
  private final List<FilterToken> tokens = new ArrayList<>();
  private int at;

  private FilterTokens(String text) {
    this.text = text;
  }

  /**
   * @throws InvalidRequestException if there is a character that has no place in an expression
   */
  static List<FilterToken> of(String expression) {
    FilterTokens cutter = new FilterTokens(expression);
    while (cutter.skipSpace()) {
      cutter.next();
    }
    cutter.add(Kind.END, "", expression.length());
    return cutter.tokens;
  }

  private boolean skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private void next() {
    int c = text.codePointAt(at);
    if (c == '"' || c == '\'') {
      quoted((char) c);
    } else if (startsNumber()) {
      number();
    } else if (Character.isLetter(c) || c == '_') {
      int start = at;
      add(Kind.WORD, run(FilterTokens::isWordPart), start);
    } else {
      sign();
    }
  }

  private boolean startsNumber() {
    char c = text.charAt(at);
    boolean signed = (c == '-' || c == '+' || c == '.') && at + 1 < text.length();
    return isDigit(c) || (signed && (isDigit(text.charAt(at + 1)) || text.charAt(at + 1) == '.'));
  }

  /** Everything that sticks together, so that a message can show it whole. */
  private void number() {
    int start = at;
    StringBuilder digits = new StringBuilder();
    do {
      digits.append(text.charAt(at++)); // a sign at the start or in the exponent
      digits.append(run(c -> isWordPart(c) && c != '-'));
    } while (at < text.length()
        && (text.charAt(at) == '-' || text.charAt(at) == '+')
        && Character.toLowerCase(text.charAt(at - 1)) == 'e');
    add(Kind.NUMBER, digits.toString(), start);
  }

  private void quoted(char quote) {
    int start = at;
    StringBuilder content = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        add(Kind.QUOTED, content.toString(), start);
        return;
      }
      if (c == '\\') {
        at++;
        if (at >= text.length() || "\\\"'".indexOf(text.charAt(at)) < 0) {
          throw FilterProblem.at(
              text, at - 1, "a backslash stands before a quote or a backslash only; write \\\\");
        }
      }
      content.append(text.charAt(at));
    }
    throw FilterProblem.at(text, start, "this quote is never closed; close it with " + quote);
  }

  private void sign() {
    for (String sign : SIGNS) {
      if (text.startsWith(sign, at)) {
        add(Kind.SIGN, sign, at);
        at += sign.length();
        return;
      }
    }
    throw FilterProblem.at(
        text,
        at,
        text.charAt(at) == '!'
            ? "write 'not', or != to compare"
            : "this has no place here; put texts and unusual names in quotes");
  }

  private String run(java.util.function.IntPredicate part) {
    int start = at;
    while (at < text.length() && part.test(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return text.substring(start, at);
  }

  private void add(Kind kind, String content, int start) {
    tokens.add(new FilterToken(kind, content, start));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordPart(int c) {
    return Character.isLetterOrDigit(c)
        || c == '_'
        || c == '.'
        || c == '-'
        || Character.getType(c) == Character.NON_SPACING_MARK;
  }
}
