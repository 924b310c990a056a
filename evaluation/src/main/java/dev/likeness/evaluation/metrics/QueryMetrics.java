package dev.likeness.evaluation.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What is measured of one labelled query. All values are 0 where the gallery has no right image.
 *
 * @param query its name
 * @param answered whether there is a list for it; a missing list counts as wrong
 * @param relevant R, the number of right images in the gallery
 * @param firstRelevantRank rank from 1 of the first right image, null when the list has none
 * @param averagePrecision over the whole ranking, divided by R; null when only its head is known
 * @param reciprocalRank 1/firstRelevantRank; null when only the head is known and holds none
 * @param reciprocalRankAt10 the same, 0 beyond rank 10
 * @param atK values at the k of the run
 * @param at10 values at 10
 */
public record QueryMetrics(
    String query,
    boolean answered,
    int relevant,
    @Nullable Integer firstRelevantRank,
    @Nullable Double averagePrecision,
    @Nullable Double reciprocalRank,
    double reciprocalRankAt10,
    CutoffValues atK,
    CutoffValues at10) {

  /** Whether the gallery has a right answer at all. */
  public boolean isAnswerable() {
    return relevant > 0;
  }

  /** Whether there is a right image among the first positions. */
  public boolean hitWithin(int positions) {
    return firstRelevantRank != null && firstRelevantRank <= positions;
  }
}
