package dev.likeness.gateway.filter;

import java.util.regex.Pattern;

/**
 * A word, a quoted text, a number or a sign of an expression.
 *
 * @param kind what it is
 * @param text as it was meant: of a quoted text what stands between the quotes
 * @param start position of its first character in the expression, from 0
 */
record FilterToken(Kind kind, String text, int start) {

  /** Kinds of tokens. */
  enum Kind {
    WORD,
    QUOTED,
    NUMBER,
    SIGN,
    END
  }

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private static final int SHOWN = 40;

  /**
   * The value of a number.
   *
   * @throws IllegalArgumentException if it is none, or not finite
   */
  double number() {
    if (!DECIMAL.matcher(text).matches()) {
      throw new IllegalArgumentException("this is no number; put a text in quotes");
    }
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("this number is too large; at most 1.79e308");
    }
    return number;
  }

  /** The text for a message. */
  String shown() {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }
}
