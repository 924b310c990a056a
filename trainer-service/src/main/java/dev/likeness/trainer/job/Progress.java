package dev.likeness.trainer.job;

import org.jspecify.annotations.Nullable;

/**
 * How far a job is.
 *
 * @param stage what it is doing, for people
 * @param share share of the whole work done, 0 to 1; null while unknown
 * @param figures where a fine-tuning stands; null for all else
 */
public record Progress(String stage, @Nullable Double share, @Nullable TrainingFigures figures) {

  /** Rejects shares outside 0 to 1. */
  public Progress {
    if (share != null && !(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share of work lies between 0 and 1, got " + share);
    }
  }

  /** Progress without figures. */
  public Progress(String stage, @Nullable Double share) {
    this(stage, share, null);
  }

  static final Progress NONE = new Progress("", null);
}
