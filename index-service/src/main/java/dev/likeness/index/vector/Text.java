package dev.likeness.index.vector;

import dev.likeness.index.error.InvalidRequestException;

/** The one rule for strings that callers choose: bounded, printable, encodable as UTF-8. */
public final class Text {

  private Text() {}

  /**
   * @param field the name of the field in the request, for the message
   * @throws InvalidRequestException if {@code value} has fewer than {@code minBytes} or more than
   *     {@code maxBytes} bytes of UTF-8, a control character, or half of a surrogate pair
   */
  public static void check(String field, String value, int minBytes, int maxBytes) {
    int bytes = utf8Length(field, value);
    if (bytes < minBytes || bytes > maxBytes) {
      throw new InvalidRequestException(
          field, "must have %d to %d bytes of UTF-8, has %d".formatted(minBytes, maxBytes, bytes));
    }
  }

  private static int utf8Length(String field, String value) {
    int bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c)) {
        throw new InvalidRequestException(
            field,
            "must not contain control characters, has U+%04X at position %d".formatted((int) c, i));
      }
      if (!Character.isSurrogate(c)) {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        throw new InvalidRequestException(
            field, "must be valid Unicode, has half of a surrogate pair at position " + i);
      }
    }
    return bytes;
  }
}
