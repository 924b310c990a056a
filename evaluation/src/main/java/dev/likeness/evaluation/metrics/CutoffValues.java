package dev.likeness.evaluation.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What is measured on the first k positions, for one query or as the mean over queries. A value is
 * null where it is unknown: there is no truth, or the lists are shorter than k and the gallery is
 * not.
 *
 * @param k number of positions looked at, at least 1
 * @param accuracy 1 if there is a right image among the first k, else 0
 * @param precision right images among the first k, divided by k, even when fewer than k exist
 * @param recall right images among the first k, divided by R, the number of right images in the
 *     gallery
 * @param averagePrecision sum over positions i ≤ k that hold a right image of (right in first i)/i,
 *     divided by min(R, k); its mean is mAP@k
 * @param averagePrecisionOverRelevant the same sum divided by R
 * @param averagePrecisionOverHits the same sum divided by the right images among the first k
 */
public record CutoffValues(
    int k,
    @Nullable Double accuracy,
    @Nullable Double precision,
    @Nullable Double recall,
    @Nullable Double averagePrecision,
    @Nullable Double averagePrecisionOverRelevant,
    @Nullable Double averagePrecisionOverHits) {
  public CutoffValues {
    if (k < 1) {
      throw new IllegalArgumentException("k is at least 1, got " + k);
    }
  }

  static CutoffValues unknown(int k) {
    return new CutoffValues(k, null, null, null, null, null, null);
  }
}
