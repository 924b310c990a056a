package dev.likeness.gateway.attribute;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of one image, by name; what is not known is absent.
 *
 * @param values attribute → value
 */
public record Attributes(SortedMap<String, AttributeValue> values) {

  /** Most attributes of an image, as in the index. */
  public static final int MAX_COUNT = 64;

  /** Longest name in bytes of UTF-8, as in the index. */
  public static final int MAX_NAME_BYTES = 64;

  /** All of an image's together: a thousand answers with them still fit into one message. */
  public static final int MAX_BYTES = 16_384;

  /** Nothing is known. */
  public static final Attributes NONE = new Attributes(new TreeMap<>());

  /** Bytes of the index for the length of a name and the kind of a value. */
  private static final int FIELD_BYTES = 2;

  /** Copies the map. */
  public Attributes {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Copies the map. */
  public static Attributes of(Map<String, AttributeValue> values) {
    return values.isEmpty() ? NONE : new Attributes(new TreeMap<>(values));
  }

  /** True if nothing is known. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Bytes that they take in the index. */
  public int sizeBytes() {
    int bytes = 0;
    for (Map.Entry<String, AttributeValue> entry : values.entrySet()) {
      bytes +=
          FIELD_BYTES
              + entry.getKey().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
              + entry.getValue().sizeBytes();
    }
    return bytes;
  }

  /**
   * The rule for names.
   *
   * @throws IllegalArgumentException if it is empty, too long or has control characters
   */
  public static void requireName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the name of an attribute is missing");
    }
    AttributeValue.requirePrintable(name, MAX_NAME_BYTES);
  }
}
