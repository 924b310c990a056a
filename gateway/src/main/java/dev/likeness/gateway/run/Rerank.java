package dev.likeness.gateway.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How the answers of a run are ranked beyond the similarity to the query. */
public enum Rerank {
  /** By the similarity alone. */
  NONE("none"),
  /** By the neighbors that query and image share, over all queries of the run together. */
  K_RECIPROCAL("k-reciprocal"),
  /** By the similarity to a query that has moved towards its nearest images. */
  QUERY_EXPANSION("query-expansion");

  private final String text;

  Rerank(String text) {
    this.text = text;
  }

  /** Its name in requests, records and files. */
  @JsonValue
  public String text() {
    return text;
  }

  /**
   * The way of that name.
   *
   * @param text null or empty for {@link #NONE}
   * @throws InvalidRequestException if there is none of that name
   */
  public static Rerank of(String field, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return NONE;
    }
    return Arrays.stream(values())
        .filter(way -> way.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    field,
                    "rerank must be none, k-reciprocal or query-expansion, got '%s'"
                        .formatted(text)));
  }
}
