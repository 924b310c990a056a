package dev.likeness.evaluation.metrics;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Means over queries, in [0, 1] but for the score. Null is unknown, never zero.
 *
 * @param queries how many queries went into the means
 * @param score {@link WeightedScore}, 0 to 1000
 * @param top1 share of queries with a right image at rank 1
 * @param top5 share of queries with a right image among the first 5
 * @param top10 share of queries with a right image among the first 10
 * @param mapFull mean average precision over the whole ranking, divided by R
 * @param mrr mean of 1/(rank of the first right image), 0 where there is none
 * @param mrrAt10 the same, 0 where that rank is beyond 10
 * @param atK values at the k of the run
 * @param at10 values at 10, whatever k is
 */
public record MetricValues(
    int queries,
    @Nullable Double score,
    @Nullable Double top1,
    @Nullable Double top5,
    @Nullable Double top10,
    @Nullable Double mapFull,
    @Nullable Double mrr,
    @Nullable Double mrrAt10,
    CutoffValues atK,
    CutoffValues at10) {
  public MetricValues {
    Objects.requireNonNull(atK, "atK");
    Objects.requireNonNull(at10, "at10");
  }

  static MetricValues unknown(int k) {
    return new MetricValues(
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        CutoffValues.unknown(k),
        CutoffValues.unknown(10));
  }
}
