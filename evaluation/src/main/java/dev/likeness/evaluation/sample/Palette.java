package dev.likeness.evaluation.sample;

import java.awt.Color;
import java.util.SplittableRandom;

/** The colours of things that are not people. */
final class Palette {
  private static final int[] COLORS = {
    0xC8553D, 0x588B8B, 0xF2C14E, 0x2D3047, 0x93B7BE, 0x8E5572, 0x7FB069, 0xE6AA68, 0x4E598C,
    0xF1E3D3, 0xA44A3F, 0x3A7D44, 0xD81E5B, 0x6B4E71, 0x99C1B9, 0x5B5F97
  };
  private final SplittableRandom random;
  private int last = -1;

  Palette(SplittableRandom random) {
    this.random = random;
  }

  /** A colour that differs from the one before. */
  Color next() {
    int index = random.nextInt(COLORS.length);
    if (index == last) {
      index = (index + 1 + random.nextInt(COLORS.length - 1)) % COLORS.length;
    }
    last = index;
    return new Color(COLORS[index]);
  }
}
