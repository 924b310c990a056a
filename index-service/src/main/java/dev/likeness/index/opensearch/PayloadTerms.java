package dev.likeness.index.opensearch;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.PayloadValue.BooleanValue;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.PayloadValue.TextValue;
import java.util.List;

/**
 * A payload as terms of one keyword field: {@code name U+0000 kind value}, with kind {@code t},
 * {@code n} or {@code b}. The bytes of a term order as the values do: texts by code points, numbers
 * as 16 hexadecimal digits, false before true.
 *
 * <p>One field for all names, because names are the callers': a field each would fill the mapping,
 * and one name may hold values of several kinds. Names and texts have no control characters, so no
 * term can be taken for another.
 */
final class PayloadTerms {

  /** Ends a name; no name contains it. */
  static final char END = '\0';

  /** Comes after {@link #END} and before everything that a longer name goes on with. */
  static final char AFTER_END = '\1';

  private PayloadTerms() {}

  static List<String> of(Payload payload) {
    return payload.fields().entrySet().stream()
        .map(field -> term(field.getKey(), field.getValue()))
        .toList();
  }

  static String term(String name, PayloadValue value) {
    return kind(name, value)
        + switch (value.canonical()) {
          case TextValue(String text) -> text;
          case NumberValue(double number) -> sortable(number);
          case BooleanValue(boolean flag) -> flag ? "1" : "0";
        };
  }

  /** What the terms of all values of this kind begin with. */
  static String kind(String name, PayloadValue value) {
    return name
        + END
        + switch (value) {
          case TextValue text -> 't';
          case NumberValue number -> 'n';
          case BooleanValue flag -> 'b';
        };
  }

  /** Larger than the terms of all values of this kind, smaller than those of the next. */
  static String afterKind(String name, PayloadValue value) {
    String kind = kind(name, value);
    int last = kind.length() - 1;
    return kind.substring(0, last) + (char) (kind.charAt(last) + 1);
  }

  private static String sortable(double number) {
    long bits = Double.doubleToLongBits(number);
    return "%016x".formatted(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
  }
}
