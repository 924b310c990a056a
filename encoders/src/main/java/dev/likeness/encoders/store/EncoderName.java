package dev.likeness.encoders.store;

import java.util.regex.Pattern;

/**
 * An encoder's name; also the name of its folder in the model store.
 *
 * @param value 1 to 64 of a-z, 0-9, '.', '_', '+' and '-', beginning with a letter or a digit
 */
public record EncoderName(String value) implements Comparable<EncoderName> {

  private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9._+-]{0,63}");

  public EncoderName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "an encoder's name has 1 to 64 of a-z, 0-9, '.', '_', '+' and '-' and begins with a letter"
              + " or digit, got '%s'".formatted(shortened(value)));
    }
  }

  static boolean isValid(String value) {
    return RULE.matcher(value).matches();
  }

  private static String shortened(String value) {
    return value.length() <= 80 ? value : value.substring(0, 80) + "…";
  }

  @Override
  public int compareTo(EncoderName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
