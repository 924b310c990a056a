package dev.likeness.training.finetune.spec;

/**
 * Means of weights, which generalise better than the last ones.
 *
 * @param emaDecay share of the running mean that stays at each update, [0, 1); 0 keeps none. Early
 *     on less stays, so that the mean follows
 * @param withStart whether the result is mixed with the weights at the start (WiSE-FT, M. Wortsman
 *     et al., 2022), by the share that validates best
 */
public record Averaging(double emaDecay, boolean withStart) {

  public Averaging {
    if (!(emaDecay >= 0 && emaDecay < 1)) {
      throw new IllegalArgumentException("EMA decay must be in [0, 1), got " + emaDecay);
    }
  }

  public static Averaging defaults() {
    return new Averaging(0.99, true);
  }

  public static Averaging none() {
    return new Averaging(0, false);
  }
}
