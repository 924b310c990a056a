package dev.likeness.index.collection;

import dev.likeness.index.error.InvalidRequestException;
import java.util.regex.Pattern;

/**
 * Name of a collection, an alias or a snapshot. It is also the name of a directory, so it is plain:
 * {@code [a-z0-9][a-z0-9._-]{0,127}}.
 */
public record CollectionName(String value) implements Comparable<CollectionName> {

  private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

  public CollectionName {
    check("name", value);
  }

  /**
   * @param field the field of the request that holds the name, for the message
   * @throws InvalidRequestException if the name breaks the rule
   */
  public static CollectionName of(String field, String value) {
    check(field, value);
    return new CollectionName(value);
  }

  private static void check(String field, String value) {
    if (!RULE.matcher(value).matches()) {
      throw new InvalidRequestException(
          field,
          "must be 1 to 128 of a-z, 0-9, '.', '_', '-' and begin with a letter or digit, is '%s'"
              .formatted(value.length() <= 140 ? value : value.substring(0, 140) + "…"));
    }
  }

  @Override
  public int compareTo(CollectionName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
