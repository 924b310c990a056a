package dev.likeness.training.finetune.spec;

/**
 * P × K: how many classes a step sees, and how many images of each.
 *
 * @param classes P, at least 2; fewer are drawn where the set has fewer
 * @param images K, at least 2; a class with fewer images gives some more than once, each time
 *     augmented anew
 */
public record BatchShape(int classes, int images) {

  private static final int LARGEST = 4096;

  public BatchShape {
    if (classes < 2 || images < 2 || (long) classes * images > LARGEST) {
      throw new IllegalArgumentException(
          "a batch needs at least 2 classes and 2 images of each, at most %d in all; got %d × %d"
              .formatted(LARGEST, classes, images));
    }
  }

  /** About so many images, 4 of each class. */
  public static BatchShape ofSize(int batch) {
    int images = batch >= 16 ? 4 : 2;
    return new BatchShape(Math.max(2, batch / images), images);
  }

  public int size() {
    return classes * images;
  }
}
