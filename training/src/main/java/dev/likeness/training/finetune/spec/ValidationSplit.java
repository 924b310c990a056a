package dev.likeness.training.finetune.spec;

/**
 * What is held out, and how long training goes on without getting better on it.
 *
 * @param by whether whole classes are held out, or images of each class
 * @param share of classes or images that are held out, in (0, 0.5]
 * @param patience epochs without a better validation after which training stops, at least 1
 */
public record ValidationSplit(By by, double share, int patience) {

  /** What is drawn. */
  public enum By {
    /** Some images of every class: the classes of tomorrow's queries are known. */
    IMAGE,
    /** All images of some classes: the queries will be of classes never seen. */
    CLASS
  }

  public ValidationSplit {
    if (!(share > 0 && share <= 0.5)) {
      throw new IllegalArgumentException(
          "the share held out must be in (0, 0.5], got %s".formatted(share));
    }
    if (patience < 1) {
      throw new IllegalArgumentException("patience must be at least 1 epoch, got " + patience);
    }
  }

  /** For a head, which learns nearly the same in every epoch: most images are to learn from. */
  public static ValidationSplit forHead() {
    return new ValidationSplit(By.IMAGE, 0.15, 8);
  }

  /**
   * For wider scopes, whose epochs differ: held-out images too few would choose one that is good by
   * chance.
   */
  public static ValidationSplit forNetwork() {
    return new ValidationSplit(By.IMAGE, 0.3, 8);
  }
}
