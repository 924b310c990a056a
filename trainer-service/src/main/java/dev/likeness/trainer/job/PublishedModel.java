package dev.likeness.trainer.job;

import org.jspecify.annotations.Nullable;

/**
 * The encoder version that a job ended with.
 *
 * @param version from 1
 * @param fingerprint hash of all that changes a vector
 * @param verdict whether it serves its name; null for methods whose versions serve at once
 * @param reportPath absolute path of the report on the server; null if there is none
 */
public record PublishedModel(
    int version,
    String fingerprint,
    @Nullable PromotionVerdict verdict,
    @Nullable String reportPath) {

  /** A version that serves at once, without a report. */
  public PublishedModel(int version, String fingerprint) {
    this(version, fingerprint, null, null);
  }
}
