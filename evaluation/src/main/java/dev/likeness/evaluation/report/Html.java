package dev.likeness.evaluation.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Text of a page. Everything that comes from outside goes through {@link #escaped}. */
final class Html {
  private static final String UNKNOWN = "unknown";

  private final StringBuilder text = new StringBuilder();

  /** Adds markup as it is. */
  Html markup(String markup) {
    text.append(markup);
    return this;
  }

  /** Adds text with all that has a meaning in HTML made harmless. */
  Html text(String plain) {
    text.append(escaped(plain));
    return this;
  }

  /** Fits element content and attribute values in double or single quotes. */
  static String escaped(String plain) {
    StringBuilder out = new StringBuilder(plain.length() + 16);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(isInvisible(c) ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }

  /** A number with some decimals, or the word unknown. */
  static String number(@Nullable Double value, int decimals) {
    return value == null ? UNKNOWN : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Control characters, and those that turn the direction of writing, which can disguise names. */
  private static boolean isInvisible(char c) {
    return Character.isISOControl(c)
        || (c >= '\u202A' && c <= '\u202E')
        || (c >= '\u2066' && c <= '\u2069');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
