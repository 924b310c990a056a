package dev.likeness.gateway.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to remember over an interruption beside the vectors, which the index keeps.
 *
 * @param fingerprint fingerprint of the encoder, pinned at the start; null before
 * @param seconds work done so far
 * @param batchSize largest inference batch seen; null before the first image
 * @param startedOver how often the encoder changed or a collection was lost
 * @param galleryLeftOut gallery images without a vector → why
 * @param queriesLeftOut query images without a vector → why
 */
public record RunWork(
    @Nullable String fingerprint,
    StageSeconds seconds,
    @Nullable Integer batchSize,
    int startedOver,
    SortedMap<String, String> galleryLeftOut,
    SortedMap<String, String> queriesLeftOut) {

  /** Nothing done yet. */
  public static final RunWork NONE =
      new RunWork(null, StageSeconds.NONE, null, 0, new TreeMap<>(), new TreeMap<>());

  /** Copies the maps. */
  public RunWork {
    galleryLeftOut = Collections.unmodifiableSortedMap(new TreeMap<>(galleryLeftOut));
    queriesLeftOut = Collections.unmodifiableSortedMap(new TreeMap<>(queriesLeftOut));
  }

  /** The encoder whose vectors the collections hold from now on. */
  public RunWork pin(String newFingerprint) {
    return new RunWork(
        newFingerprint, seconds, batchSize, startedOver, galleryLeftOut, queriesLeftOut);
  }

  /** All vectors are void; the time they took is not forgotten. */
  public RunWork startOver() {
    return new RunWork(null, seconds, batchSize, startedOver + 1, new TreeMap<>(), new TreeMap<>());
  }

  /** More work was done. */
  public RunWork spent(StageSeconds more, int largestBatch) {
    Integer batch =
        largestBatch == 0
            ? batchSize
            : Integer.valueOf(batchSize == null ? largestBatch : Math.max(batchSize, largestBatch));
    return new RunWork(
        fingerprint, seconds.plus(more), batch, startedOver, galleryLeftOut, queriesLeftOut);
  }

  /** These images of a part have no vector. */
  public RunWork leaveOut(RunStage stage, SortedMap<String, String> leftOut) {
    return stage == RunStage.GALLERY
        ? new RunWork(fingerprint, seconds, batchSize, startedOver, leftOut, queriesLeftOut)
        : new RunWork(fingerprint, seconds, batchSize, startedOver, galleryLeftOut, leftOut);
  }
}
