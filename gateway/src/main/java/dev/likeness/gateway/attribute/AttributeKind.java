package dev.likeness.gateway.attribute;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the values of a column are. The first that fits all values of a column is taken. */
public enum AttributeKind {
  BOOLEAN,
  NUMBER,
  TEXT;

  /** Whole numbers with more digits, e.g. long ids, would lose some as a double. */
  private static final int SAFE_DIGITS = 15;

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

  /** Codes such as 007 are kept as they are. */
  private static final Pattern CODE =
      Pattern.compile("[+-]?(0[0-9].*|[0-9]{" + (SAFE_DIGITS + 1) + ",})");

  /** The kind of a word: text, number or boolean. */
  public static Optional<AttributeKind> named(String word) {
    for (AttributeKind kind : values()) {
      if (kind.label().equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Its word. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** True if a cell that is not empty may be taken for this kind without being told so. */
  boolean fits(String cell) {
    return switch (this) {
      case BOOLEAN -> cell.equalsIgnoreCase("true") || cell.equalsIgnoreCase("false");
      case NUMBER -> isNumber(cell) && !CODE.matcher(cell).matches();
      case TEXT -> true;
    };
  }

  /**
   * The value of a cell that is not empty.
   *
   * @throws IllegalArgumentException if it is none of this kind
   */
  AttributeValue value(String cell) {
    return switch (this) {
      case BOOLEAN -> {
        if (!fits(cell)) {
          throw new IllegalArgumentException(
              "%s is not true or false; correct it".formatted(shown(cell)));
        }
        yield new AttributeValue.Flag(cell.equalsIgnoreCase("true"));
      }
      case NUMBER -> {
        if (!isNumber(cell)) {
          throw new IllegalArgumentException(
              "%s is no number; correct it, or leave the value out".formatted(shown(cell)));
        }
        yield new AttributeValue.Numeric(Double.parseDouble(cell));
      }
      case TEXT -> new AttributeValue.Text(cell);
    };
  }

  private static boolean isNumber(String cell) {
    return cell.length() <= AttributeValue.MAX_TEXT_BYTES
        && DECIMAL.matcher(cell).matches()
        && Double.isFinite(Double.parseDouble(cell));
  }

  private static String shown(String cell) {
    return "'" + (cell.length() <= 40 ? cell : cell.substring(0, 40) + "…") + "'";
  }
}
