package dev.likeness.evaluation.sample;

/**
 * Size of a drawn data set.
 *
 * @param identities number of classes, 2 to 200
 * @param trainingPerIdentity training images per class, half of each style, at least 2
 * @param queries number of query images, spread evenly over the classes, at least 1
 * @param gallery number of gallery images, spread evenly over the classes, at least 1
 * @param pixels width and height of every image, 64 to 1024
 * @param seed the same seed draws the same files, byte for byte, on the same JDK
 */
public record SampleOptions(
    int identities, int trainingPerIdentity, int queries, int gallery, int pixels, long seed) {
  /** 16 classes, 192 training images, 48 queries, 160 gallery images, 192×192. */
  public static final SampleOptions DEFAULT = new SampleOptions(16, 12, 48, 160, 192, 20240611);

  public SampleOptions {
    requireRange("identities", identities, 2, 200);
    requireRange("trainingPerIdentity", trainingPerIdentity, 2, 1000);
    requireRange("queries", queries, 1, 100_000);
    requireRange("gallery", gallery, 1, 100_000);
    requireRange("pixels", pixels, 64, 1024);
  }

  private static void requireRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is between %d and %d, got %d".formatted(name, min, max, value));
    }
  }
}
