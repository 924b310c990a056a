package dev.likeness.index.vector;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of a payload field, as {@link Payload} stores it. */
public final class FieldName {

  private final String value;
  private final byte[] utf8;

  /**
   * @throws dev.likeness.index.error.InvalidRequestException if the name is empty, longer than
   *     {@value Payload#MAX_NAME_BYTES} bytes, or not plain text
   */
  public FieldName(String value) {
    Text.check("filter", value, 1, Payload.MAX_NAME_BYTES);
    this.value = value;
    this.utf8 = value.getBytes(StandardCharsets.UTF_8);
  }

  int length() {
    return utf8.length;
  }

  boolean isAt(byte[] encoded, int from) {
    return Arrays.equals(encoded, from, from + utf8.length, utf8, 0, utf8.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldName name && value.equals(name.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
