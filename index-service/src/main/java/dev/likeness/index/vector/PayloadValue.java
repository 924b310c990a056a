package dev.likeness.index.vector;

import dev.likeness.index.error.InvalidRequestException;

/** One value of a payload field. */
public sealed interface PayloadValue {

  /** True if both are texts, both numbers, or both booleans. */
  default boolean isOfKind(PayloadValue other) {
    return getClass() == other.getClass();
  }

  /** Equal for values that compare as equal: 0 in place of -0. */
  default PayloadValue canonical() {
    return this instanceof NumberValue(double number) && number == 0 ? new NumberValue(0) : this;
  }

  /**
   * Texts by code points, numbers by value (-0 equals 0), false before true.
   *
   * @throws IllegalArgumentException if the other is of another kind
   */
  default int compare(PayloadValue other) {
    if (this instanceof TextValue(String a) && other instanceof TextValue(String b)) {
      return compareCodePoints(a, b);
    }
    if (this instanceof NumberValue(double a) && other instanceof NumberValue(double b)) {
      return Double.compare(a + 0.0, b + 0.0); // -0.0 + 0.0 is 0.0
    }
    if (this instanceof BooleanValue(boolean a) && other instanceof BooleanValue(boolean b)) {
      return Boolean.compare(a, b);
    }
    throw new IllegalArgumentException("values of different kinds have no order");
  }

  private static int compareCodePoints(String a, String b) {
    for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // code units order as code points do, except that surrogates stand for larger ones
        boolean oneIsSurrogate = Character.isSurrogate(x) != Character.isSurrogate(y);
        return oneIsSurrogate ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** At most {@value Payload#MAX_TEXT_BYTES} bytes of UTF-8, may be empty. */
  record TextValue(String value) implements PayloadValue {
    public TextValue {
      Text.check("payload", value, 0, Payload.MAX_TEXT_BYTES);
    }
  }

  /** A finite number. */
  record NumberValue(double value) implements PayloadValue {
    public NumberValue {
      if (!Double.isFinite(value)) {
        throw new InvalidRequestException("payload", "numbers must be finite, got " + value);
      }
    }
  }

  record BooleanValue(boolean value) implements PayloadValue {}
}
