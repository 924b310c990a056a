package dev.likeness.index.vector;

import dev.likeness.index.error.InvalidRequestException;

/** One value of a payload field. */
public sealed interface PayloadValue {

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
