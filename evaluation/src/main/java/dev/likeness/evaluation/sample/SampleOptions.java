package dev.likeness.evaluation.sample;

import java.util.List;

/**
 * Size of a drawn data set.
 *
 * @param identities number of classes, 2 to 2000
 * @param trainingPerIdentity training images per class, the styles in turn, at least 2
 * @param queries number of query images, spread evenly over the classes, at least 1
 * @param gallery number of gallery images, spread evenly over the classes, at least 1
 * @param pixels width and height of every image, 64 to 1024
 * @param seed the same seed draws the same files, byte for byte, on the same JDK
 * @param kinds what is drawn; the classes are of these kinds in turn
 * @param styles how; queries are of the first style, the gallery one quarter of the first and the
 *     rest of the others
 * @param strangers whether queries and gallery show other identities than the training images, as
 *     many of them
 */
public record SampleOptions(
    int identities,
    int trainingPerIdentity,
    int queries,
    int gallery,
    int pixels,
    long seed,
    List<SubjectKind> kinds,
    List<Style> styles,
    boolean strangers) {
  /** 16 classes, 192 training images, 48 queries, 160 gallery images, 192×192. */
  public static final SampleOptions DEFAULT = new SampleOptions(16, 12, 48, 160, 192, 20240611);

  public SampleOptions {
    requireRange("the number of identities", identities, 2, 2000);
    requireRange("the number of training images per class", trainingPerIdentity, 2, 1000);
    requireRange("the number of queries", queries, 1, 100_000);
    requireRange("the number of gallery images", gallery, 1, 100_000);
    requireRange("the number of pixels", pixels, 64, 1024);
    kinds = List.copyOf(kinds);
    styles = List.copyOf(styles);
    if (kinds.isEmpty() || styles.isEmpty()) {
      throw new IllegalArgumentException("at least one kind and one style are needed");
    }
  }

  /** Queries and gallery of the identities that the training images show. */
  public SampleOptions(
      int identities,
      int trainingPerIdentity,
      int queries,
      int gallery,
      int pixels,
      long seed,
      List<SubjectKind> kinds,
      List<Style> styles) {
    this(identities, trainingPerIdentity, queries, gallery, pixels, seed, kinds, styles, false);
  }

  /** People, as photos and as drawings. */
  public SampleOptions(
      int identities, int trainingPerIdentity, int queries, int gallery, int pixels, long seed) {
    this(
        identities,
        trainingPerIdentity,
        queries,
        gallery,
        pixels,
        seed,
        List.of(SubjectKind.PEOPLE),
        List.of(Style.PHOTO, Style.DRAWING));
  }

  /** Queries and gallery of identities that no training image shows. */
  public SampleOptions withStrangers() {
    return new SampleOptions(
        identities, trainingPerIdentity, queries, gallery, pixels, seed, kinds, styles, true);
  }

  /** Images of training, query and gallery together. */
  public int images() {
    return identities * trainingPerIdentity + queries + gallery;
  }

  private static void requireRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is between %d and %d, got %d".formatted(name, min, max, value));
    }
  }
}
