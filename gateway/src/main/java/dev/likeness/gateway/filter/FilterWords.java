package dev.likeness.gateway.filter;

import java.util.Locale;
import java.util.Set;

/** The words of the language, and what to say when one stands in the wrong place. */
final class FilterWords {

  private static final Set<String> RESERVED =
      Set.of("and", "or", "not", "in", "exists", "true", "false");

  private FilterWords() {}

  static boolean isReserved(String word) {
    return RESERVED.contains(word.toLowerCase(Locale.ROOT));
  }

  static String insteadOfAttribute(FilterToken token) {
    return switch (token.kind()) {
      case END -> "a condition is missing, such as brand = \"acme\"";
      case WORD ->
          "expected the name of an attribute; '%s' is a word of the language, put it in quotes if it is a name"
              .formatted(token.text());
      case NUMBER, SIGN, QUOTED -> "expected the name of an attribute";
    };
  }

  static String insteadOfEnd(FilterToken token) {
    return switch (token.text()) {
      case "&&" -> "write 'and'";
      case "||" -> "write 'or'";
      case ")" -> "this ) was never opened";
      default -> "expected 'and' or 'or'";
    };
  }
}
