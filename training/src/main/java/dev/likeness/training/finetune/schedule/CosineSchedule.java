package dev.likeness.training.finetune.schedule;

/**
 * Rises linearly to the highest rate, then falls to 0 by half a cosine (I. Loshchilov and F.
 * Hutter, 2017, "SGDR", without restarts).
 *
 * @param highest rate
 * @param warmUp updates in which it rises
 * @param updates in all, at least 1
 */
public record CosineSchedule(double highest, long warmUp, long updates) {

  public CosineSchedule {
    if (updates < 1 || warmUp < 0 || warmUp >= updates) {
      throw new IllegalArgumentException(
          "warm-up must be in 0 to updates - 1, got %d of %d".formatted(warmUp, updates));
    }
  }

  /** A warm-up that is a share of all updates. */
  public static CosineSchedule of(double highest, double warmUpShare, long updates) {
    long warmUp = Math.min(updates - 1, Math.round(warmUpShare * updates));
    return new CosineSchedule(highest, warmUp, updates);
  }

  /**
   * @param update from 0
   */
  public double rate(long update) {
    if (update < warmUp) {
      return highest * (update + 1) / (warmUp + 1);
    }
    double share = Math.min(1, (double) (update - warmUp) / (updates - warmUp));
    return highest * (1 + Math.cos(Math.PI * share)) / 2;
  }
}
