package dev.likeness.training.finetune.data;

import java.util.SplittableRandom;

/**
 * Generators by purpose and position. None is carried from step to step, so that a resumed training
 * needs no saved generator: it draws what the uninterrupted one would have drawn.
 */
public final class Randomness {

  /** Odd, from the golden ratio; neighbouring positions then start far apart. */
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  private Randomness() {}

  /**
   * @param purpose such as {@code split}; different purposes of one seed are independent
   * @param positions such as epoch, step, image
   */
  public static SplittableRandom of(long seed, String purpose, long... positions) {
    long mixed = mix(seed ^ purpose.hashCode() * STRIDE);
    for (long position : positions) {
      mixed = mix(mixed + STRIDE * (position + 1));
    }
    return new SplittableRandom(mixed);
  }

  /** Moves elements to random places. */
  public static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = values[i];
      values[i] = values[other];
      values[other] = kept;
    }
  }

  /** D. Stafford's 13th variant of the finaliser of MurmurHash3. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
