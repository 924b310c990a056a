package dev.likeness.training.finetune.spec;

/**
 * How images are changed before a step sees them. All shares are probabilities in [0, 1].
 *
 * @param smallestCrop least share of the area that a random crop keeps, (0, 1]; 1 is the centre
 *     crop
 * @param flip share of images that are mirrored
 * @param jitter strength of changes of brightness, contrast and saturation: factors in [1 − jitter,
 *     1 + jitter], [0, 1)
 * @param grayscale share that loses its colours
 * @param blur share that is blurred
 * @param erasing share of which a rectangle is blanked
 * @param styleMixing share that takes mean and deviation of its colours from another image; for
 *     sets of several styles
 */
public record Augmentation(
    double smallestCrop,
    double flip,
    double jitter,
    double grayscale,
    double blur,
    double erasing,
    double styleMixing) {

  public Augmentation {
    if (!(smallestCrop > 0 && smallestCrop <= 1)) {
      throw new IllegalArgumentException("smallest crop must be in (0, 1], got " + smallestCrop);
    }
    if (!(jitter >= 0 && jitter < 1)) {
      throw new IllegalArgumentException("jitter must be in [0, 1), got " + jitter);
    }
    share("flip", flip);
    share("grayscale", grayscale);
    share("blur", blur);
    share("erasing", erasing);
    share("style mixing", styleMixing);
  }

  public static Augmentation defaults() {
    return new Augmentation(0.5, 0.5, 0.3, 0.1, 0.1, 0.1, 0.2);
  }

  /** Images as they are served. */
  public static Augmentation none() {
    return new Augmentation(1, 0, 0, 0, 0, 0, 0);
  }

  /** Whether any image may be changed. */
  public boolean changes() {
    return !equals(none());
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("%s must be in [0, 1], got %s".formatted(name, value));
    }
  }
}
