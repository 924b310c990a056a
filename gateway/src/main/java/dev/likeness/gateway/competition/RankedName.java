package dev.likeness.gateway.competition;

import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a query.
 *
 * @param name name of the gallery image
 * @param similarity its cosine with the query, or the joined score of several encoders; null if
 *     there is none
 */
record RankedName(String name, @Nullable Double similarity) {

  /** The most similar first, equal ones by name, those without a similarity last. */
  static final Comparator<RankedName> BEST_FIRST =
      Comparator.comparing(RankedName::similarity, Comparator.nullsLast(Comparator.reverseOrder()))
          .thenComparing(RankedName::name);

  /** The similarity of a candidate, which always has one. */
  double requireSimilarity() {
    return Objects.requireNonNull(similarity, "a candidate was scored");
  }
}
