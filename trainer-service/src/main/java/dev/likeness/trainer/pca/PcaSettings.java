package dev.likeness.trainer.pca;

/**
 * Bounds of a PCA-whitening job.
 *
 * @param maxImages a larger training set is sampled down to this many images, at least 8
 * @param maxImageNotes at most this many left-out images are named one by one
 */
public record PcaSettings(int maxImages, int maxImageNotes) {

  /** Below this, nothing can be said about variance. */
  public static final int SMALLEST_IMAGE_COUNT = 8;

  /** Rejects bounds under which no job could succeed. */
  public PcaSettings {
    if (maxImages < SMALLEST_IMAGE_COUNT || maxImageNotes < 0) {
      throw new IllegalArgumentException(
          "max-images must be at least %d, not %d".formatted(SMALLEST_IMAGE_COUNT, maxImages));
    }
  }
}
