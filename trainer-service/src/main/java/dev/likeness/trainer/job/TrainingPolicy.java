package dev.likeness.trainer.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When changes of a data set start a job. Data set and output encoder identify it.
 *
 * @param spec the job to start
 * @param minNewImages changed images since the last job that start the next one, at least 1
 * @param coolDown shortest time between the starts of two jobs, not negative
 * @param imageCount training images as last told; null before the first event
 * @param countedImageCount training images when the last job started, or when the policy was set
 * @param changedImageCount images that since then are new, gone, replaced or moved to another
 *     class; null while that is not known
 * @param startedJobs jobs started so far
 * @param lastJob the last of them; null before the first
 * @param lastJobTime when it was started; null before the first
 */
public record TrainingPolicy(
    TrainingSpec spec,
    long minNewImages,
    Duration coolDown,
    @Nullable Long imageCount,
    long countedImageCount,
    @Nullable Long changedImageCount,
    long startedJobs,
    @Nullable JobId lastJob,
    @Nullable Instant lastJobTime) {

  /** Rejects policies that would never or always start. */
  public TrainingPolicy {
    if (minNewImages < 1) {
      throw new InvalidJobException(
          "min_new_images", "min_new_images must be at least 1, not " + minNewImages);
    }
    if (coolDown.isNegative()) {
      throw new InvalidJobException("cool_down", "cool_down must not be negative, got " + coolDown);
    }
  }

  /** Whether enough images have changed, and the last start is long enough ago. */
  public boolean due(Instant now) {
    boolean enough = changedImageCount != null && changedImageCount >= minNewImages;
    boolean cool = lastJobTime == null || !now.isBefore(lastJobTime.plus(coolDown));
    return enough && cool;
  }
}
