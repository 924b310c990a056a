package dev.likeness.gateway.attribute;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** One value of an attribute; the index keeps and compares it. */
public sealed interface AttributeValue {

  /** Longest text in bytes of UTF-8, as in the index. */
  int MAX_TEXT_BYTES = 4096;

  /** Bytes that it takes in the index. */
  int sizeBytes();

  /** Text without control characters, at most {@value #MAX_TEXT_BYTES} bytes of UTF-8. */
  record Text(String value) implements AttributeValue {

    /** Checks the rule. */
    public Text {
      requirePrintable(value, MAX_TEXT_BYTES);
    }

    @Override
    public int sizeBytes() {
      return 2 + utf8Bytes(value);
    }
  }

  /** A finite number. */
  record Numeric(double value) implements AttributeValue {

    /** Checks the rule. */
    public Numeric {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a number must be finite, got " + value);
      }
    }

    @Override
    public int sizeBytes() {
      return Double.BYTES;
    }
  }

  /** True or false. */
  record Flag(boolean value) implements AttributeValue {
    @Override
    public int sizeBytes() {
      return 1;
    }
  }

  /**
   * The rule for all texts that the index keeps.
   *
   * @throws IllegalArgumentException if the text has more bytes, a control character, or is no
   *     valid Unicode
   */
  static void requirePrintable(String text, int maxBytes) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new IllegalArgumentException(
            "it has a control character (U+%04X) at position %d; take it out"
                .formatted((int) text.charAt(i), i + 1));
      }
    }
    int bytes = utf8Bytes(text);
    if (bytes > maxBytes) {
      throw new IllegalArgumentException(
          "it has %d bytes of UTF-8, at most %d are kept; shorten it".formatted(bytes, maxBytes));
    }
  }

  private static int utf8Bytes(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it has half of a surrogate pair; take it out", e);
    }
  }
}
