package dev.likeness.training.optimizer;

/**
 * @param beta1 memory of the mean, [0, 1)
 * @param beta2 memory of the square, [0, 1)
 * @param epsilon above 0
 * @param weightDecay decoupled, of every trainable weight; 0 is plain Adam
 */
public record AdamSettings(double beta1, double beta2, double epsilon, double weightDecay) {

  public AdamSettings {
    boolean valid =
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0;
    if (!valid) {
      throw new IllegalArgumentException(
          "betas must be in [0, 1), epsilon above 0, weight decay at least 0, got %s, %s, %s, %s"
              .formatted(beta1, beta2, epsilon, weightDecay));
    }
  }

  public static AdamSettings plain() {
    return decayed(0);
  }

  /** AdamW. */
  public static AdamSettings decayed(double weightDecay) {
    return new AdamSettings(0.9, 0.999, 1e-8, weightDecay);
  }
}
