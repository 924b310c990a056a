package dev.likeness.gateway.filter;

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

  private static final int SHOWN = 40;

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
