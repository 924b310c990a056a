package dev.likeness.encoders.store;

import java.util.Arrays;
import java.util.Locale;

/** How the vectors of an ensemble's members, each of length 1, become one; see {@link Ensemble}. */
public enum Fusion {
  /** Their weighted mean; they must be of one length. */
  AVERAGE,
  /**
   * One behind another, each times the root of its weight: the inner product of two such vectors is
   * the weighted mean of the members' cosines.
   */
  CONCAT;

  /**
   * @param text empty for {@link #AVERAGE}
   * @throws IllegalArgumentException if it is none of average, concat
   */
  public static Fusion parse(String text) {
    if (text.isEmpty()) {
      return AVERAGE;
    }
    return Arrays.stream(values())
        .filter(fusion -> fusion.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("fusion is one of average, concat; got '%s' (scores are fused while searching:"
                            + " './likeness compete --encoder a,b --fusion min-max')")
                        .formatted(text)));
  }
}
